using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;

namespace Lzn.Torch.Interop;

/// <summary>
/// An ATen operator, looked up in libtorch's dispatcher at its first call. Arguments left out take the schema's defaults.
/// What libtorch reports is thrown as <see cref="ExternalException"/> with the operator's name before it.
/// </summary>
internal sealed unsafe class Op(string name, string overload = "")
{
    private const int InlineSlots = 32; // shapes and small lists; anything longer goes to the heap

    private nint _handle;

    internal string Name { get; } = overload.Length == 0 ? $"aten::{name}" : $"aten::{name}.{overload}";

    /// <summary>Whether this libtorch has the operator.</summary>
    internal bool Exists => _handle != 0 || Find() != 0;

    /// <summary>Calls for one tensor.</summary>
    internal torch.Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument result;
        Invoke(arguments, &result, 1);
        return new torch.Tensor(result.Pointer);
    }

    /// <summary>Calls an operator that changes its first argument, and returns that argument.</summary>
    internal torch.Tensor InPlace(torch.Tensor self, params ReadOnlySpan<Argument> arguments)
    {
        Invoke(arguments, null, 0);
        return self;
    }

    /// <summary>Calls for two tensors.</summary>
    internal (torch.Tensor, torch.Tensor) Call2(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeArgument[2];
        Invoke(arguments, results, 2);
        return (new torch.Tensor(results[0].Pointer), new torch.Tensor(results[1].Pointer));
    }

    /// <summary>Calls for three tensors.</summary>
    internal (torch.Tensor, torch.Tensor, torch.Tensor) Call3(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeArgument[3];
        Invoke(arguments, results, 3);
        return (new torch.Tensor(results[0].Pointer), new torch.Tensor(results[1].Pointer), new torch.Tensor(results[2].Pointer));
    }

    /// <summary>Calls for four tensors.</summary>
    internal (torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor) Call4(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeArgument[4];
        Invoke(arguments, results, 4);
        return (
            new torch.Tensor(results[0].Pointer), new torch.Tensor(results[1].Pointer), new torch.Tensor(results[2].Pointer),
            new torch.Tensor(results[3].Pointer));
    }

    /// <summary>Calls for a list of tensors.</summary>
    internal torch.Tensor[] CallList(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument result;
        Invoke(arguments, &result, 1);
        var tensors = new torch.Tensor[result.Count];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new torch.Tensor(((nint*)result.Pointer)[i]);
        Native.lzn_free_handles(result.Pointer);
        return tensors;
    }

    /// <summary>Calls for a number or a truth value.</summary>
    internal long CallInteger(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument result;
        Invoke(arguments, &result, 1);
        return result.Integer;
    }

    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Argument> arguments, NativeArgument* results, int capacity)
    {
        var handle = _handle != 0 ? _handle : Resolve();
        var packed = stackalloc NativeArgument[arguments.Length];
        var inline = stackalloc long[InlineSlots];
        var needed = 0;
        foreach (ref readonly var argument in arguments) needed += argument.Slots;
        var slots = needed <= InlineSlots ? inline : (long*)NativeMemory.Alloc((nuint)needed, sizeof(long));
        try
        {
            var free = slots;
            for (var i = 0; i < arguments.Length; i++) free = arguments[i].Pack(packed + i, free);
            if (Native.lzn_call(handle, packed, arguments.Length, results, capacity) < 0) throw Native.Error(Name);
        }
        finally
        {
            if (slots != inline) NativeMemory.Free(slots);
        }
    }

    private nint Find()
    {
        fixed (byte* nativeName = Encoding.UTF8.GetBytes($"aten::{name}\0"), nativeOverload = Encoding.UTF8.GetBytes(overload + "\0"))
            return _handle = Native.lzn_op(nativeName, nativeOverload);
    }

    private nint Resolve() => Find() is var handle and not 0 ? handle : throw Native.Error(Name);
}
