using System.Runtime.InteropServices;
using System.Text;
using Lzn.Torch.Interop;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchSharp;

/// <summary>
/// A node of libtorch's graph whose backward is managed code. The graph owns it: native code holds this object until the graph is freed; disposing only
/// gives up the reference that forward needed.
/// </summary>
#pragma warning disable CA2216 // the graph owns the node; the reference given up by Dispose is only forward's
internal sealed unsafe class FunctionNode : IDisposable
#pragma warning restore CA2216
{
    private readonly Func<torch.autograd.AutogradContext, List<Tensor>, List<Tensor?>> _backward;
    private readonly bool[] _isTensor;
    private readonly string _name;
    private readonly nint _address;
    private nint _shared;

    internal FunctionNode(string name, Func<torch.autograd.AutogradContext, List<Tensor>, List<Tensor?>> backward, bool[] isTensor)
    {
        _name = name;
        _backward = backward;
        _isTensor = isTensor;
        Context = new torch.autograd.AutogradContext(this);
        fixed (byte* text = Encoding.UTF8.GetBytes(name + "\0"))
            _shared = Native.lzn_node_new(text, GCHandle.ToIntPtr(GCHandle.Alloc(this)), &OnBackward, &OnReleased);
        _address = Native.lzn_node_address(_shared);
    }

    internal torch.autograd.AutogradContext Context { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _shared, 0) is var shared and not 0) Native.lzn_node_release(shared);
    }

    /// <summary>Puts the node between inputs and outputs. Returns the outputs with their history.</summary>
    internal List<Tensor> Record(List<Tensor> inputs, List<Tensor> outputs)
    {
        Native.lzn_node_materialize(_address, Context.MaterializeGrads ? 1 : 0);
        fixed (nint* handles = torch.autograd.Handles(inputs)) Native.Check(Native.lzn_node_connect(_shared, handles, inputs.Count), _name);
        var recorded = outputs.ConvertAll(output => Wrap(output, inputs));
        var saved = Context.ToSave.ConvertAll(tensor => outputs.IndexOfReference(tensor) is var i and >= 0 ? recorded[i] : tensor);
        fixed (nint* handles = torch.autograd.Handles(saved)) Native.Check(Native.lzn_node_save(_shared, handles, saved.Count), _name);
        GC.KeepAlive(inputs);
        return recorded;
    }

    internal List<Tensor> Saved()
    {
        var handles = new nint[Native.lzn_node_saved_count(_address)];
        fixed (nint* first = handles) Native.Check(Native.lzn_node_saved(_address, first), _name);
        return [.. handles.Select(handle => new Tensor(handle))];
    }

    private Tensor Wrap(Tensor output, List<Tensor> inputs)
    {
        var isDirty = Context.Dirty.IndexOfReference(output) >= 0;
        var isInput = inputs.IndexOfReference(output) >= 0;
        var differentiable = Context.NonDifferentiable.IndexOfReference(output) < 0;
        var handle = Native.Check(Native.lzn_node_wrap(_shared, output.Handle, isInput ? 1 : 0, isDirty ? 1 : 0, differentiable ? 1 : 0), _name);
        GC.KeepAlive(output);
        return new Tensor(handle);
    }

    /// <summary>Runs backward in a scope of its own, so that what it leaves behind does not wait for the garbage collector.</summary>
    private void Run(ReadOnlySpan<nint> grads, Span<nint> results)
    {
        using var scope = torch.NewDisposeScope();
        var given = new List<Tensor>();
        foreach (var grad in grads) given.Add(new Tensor(grad));
        var gradients = _backward(Context, given);
        if (gradients.Count != _isTensor.Length)
            throw new InvalidOperationException($"{_name} returned {gradients.Count} gradients; forward took {_isTensor.Length} arguments.");

        var next = 0;
        for (var i = 0; i < gradients.Count; i++)
        {
            var gradient = gradients[i];
            if (_isTensor[i]) results[next++] = gradient is null || gradient.IsInvalid ? 0 : Native.lzn_share(gradient.Handle);
            else if (gradient is not null && !gradient.IsInvalid)
                throw new InvalidOperationException($"{_name} returned a gradient for argument {i}, which is no tensor.");
        }
    }

    [UnmanagedCallersOnly]
    private static int OnBackward(nint state, nint* grads, int count, nint* results, int expected)
    {
        try
        {
            var node = (FunctionNode)GCHandle.FromIntPtr(state).Target!; // the handle is freed only by OnReleased
            node.Run(new ReadOnlySpan<nint>(grads, count), new Span<nint>(results, expected));
            return 0;
        }
        catch (Exception exception) // an exception must not cross native frames; libtorch rethrows its text
        {
            fixed (byte* text = Encoding.UTF8.GetBytes(exception.Message + "\0")) Native.lzn_set_error(text);
            return -1;
        }
    }

    [UnmanagedCallersOnly]
    private static void OnReleased(nint state) => GCHandle.FromIntPtr(state).Free();
}

/// <summary>Tensors compare by elements; a graph needs them by identity.</summary>
internal static class TensorListExtensions
{
    internal static int IndexOfReference(this List<Tensor> tensors, Tensor? wanted) => tensors.FindIndex(tensor => ReferenceEquals(tensor, wanted));
}
