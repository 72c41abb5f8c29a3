using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using TorchSharp;

namespace Lzn.Torch.Interop;

/// <summary>
/// An operator's argument. It converts from everything an ATen schema can ask for, so that a wrapper reads <c>Aten.add.Call(this, other, alpha)</c>.
/// The reference it holds keeps tensors alive for the time of the call.
/// </summary>
internal readonly struct Argument
{
    private readonly object? _reference;
    private readonly long _bits;
    private readonly ArgumentKind _kind;

    private Argument(ArgumentKind kind, long bits, object? reference = null)
    {
        _kind = kind;
        _bits = bits;
        _reference = reference;
    }

    /// <summary>The schema's None, where a wrapper has nothing to say.</summary>
    internal static Argument None => default;

    /// <summary>A list that may have holes, as the index operators take it.</summary>
    internal static Argument Optional(torch.Tensor?[] tensors) => new(ArgumentKind.OptionalTensorList, 0, tensors);

    public static implicit operator Argument(torch.Tensor? value) => value is null ? default : new(ArgumentKind.Tensor, value.Handle, value);
    public static implicit operator Argument(int value) => new(ArgumentKind.Int, value);
    public static implicit operator Argument(long value) => new(ArgumentKind.Int, value);
    public static implicit operator Argument(long? value) => value is { } v ? new(ArgumentKind.Int, v) : default;
    public static implicit operator Argument(double value) => new(ArgumentKind.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(double? value) => value is { } v ? v : default(Argument);
    public static implicit operator Argument(bool value) => new(ArgumentKind.Bool, value ? 1 : 0);
    public static implicit operator Argument(bool? value) => value is { } v ? v : default(Argument);
    public static implicit operator Argument(string? value) => value is null ? default : new(ArgumentKind.String, 0, Encoding.UTF8.GetBytes(value));
    public static implicit operator Argument(long[]? value) => value is null ? default : new(ArgumentKind.IntList, 0, value);
    public static implicit operator Argument(double[]? value) => value is null ? default : new(ArgumentKind.DoubleList, 0, value);
    public static implicit operator Argument(bool[] value) => new(ArgumentKind.BoolList, 0, value);
    public static implicit operator Argument(torch.Tensor[] value) => new(ArgumentKind.TensorList, 0, value);
    public static implicit operator Argument(torch.ScalarType value) => new(ArgumentKind.Int, (long)value);
    public static implicit operator Argument(torch.ScalarType? value) => value is { } v ? v : default(Argument);
    public static implicit operator Argument(torch.Generator? value) => value is null ? default : new(ArgumentKind.Generator, value.Handle, value);
    public static implicit operator Argument(torch.Device? value) =>
        value is null ? default : new(ArgumentKind.Device, (uint)value.type | ((long)value.index << 32));

    public static implicit operator Argument(Scalar? value) => value switch
    {
        null => default,
        { IsComplex: true } => new(ArgumentKind.Complex, 0, value.Complex),
        { IsReal: true } => value.Real,
        { Type: torch.ScalarType.Bool } => value.Integer != 0,
        _ => value.Integer,
    };

    /// <summary>How many 8-byte slots this argument needs beside itself.</summary>
    internal int Slots => _kind switch
    {
        ArgumentKind.Complex => 2,
        ArgumentKind.IntList or ArgumentKind.DoubleList or ArgumentKind.TensorList or ArgumentKind.OptionalTensorList => Unsafe.As<Array>(_reference)!.Length,
        ArgumentKind.BoolList or ArgumentKind.String => (Unsafe.As<Array>(_reference)!.Length + 7) / 8,
        _ => 0,
    };

    /// <summary>Writes the argument for the shim; lists are copied to slots. Returns the first free slot.</summary>
    internal unsafe long* Pack(NativeArgument* target, long* slots)
    {
        target->Kind = _kind;
        target->Count = 0;
        target->Integer = _bits;
        if (_reference is null || _kind is ArgumentKind.Tensor or ArgumentKind.Generator) return slots;

        target->Pointer = (nint)slots;
        switch (_reference)
        {
            case long[] list:
                target->Count = list.Length;
                list.CopyTo(new Span<long>(slots, list.Length));
                break;
            case double[] list:
                target->Count = list.Length;
                list.CopyTo(new Span<double>(slots, list.Length));
                break;
            case bool[] list:
                target->Count = list.Length;
                list.CopyTo(new Span<bool>(slots, list.Length));
                break;
            case byte[] text:
                target->Count = text.Length;
                text.CopyTo(new Span<byte>(slots, text.Length));
                break;
            case torch.Tensor?[] tensors:
                target->Count = tensors.Length;
                for (var i = 0; i < tensors.Length; i++) slots[i] = tensors[i]?.Handle ?? 0;
                break;
            case Complex number:
                ((double*)slots)[0] = number.Real;
                ((double*)slots)[1] = number.Imaginary;
                break;
        }

        return slots + Slots;
    }
}
