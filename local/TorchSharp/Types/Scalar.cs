using System.Numerics;

namespace TorchSharp;

/// <summary>A number given to an operator. It holds no native memory; disposing it is allowed and does nothing.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(torch.ScalarType type) => Type = type;

    public torch.ScalarType Type { get; }

    internal long Integer { get; private init; }
    internal double Real { get; private init; }
    internal Complex Complex { get; private init; }
    internal bool IsReal => torch.is_floating_point(Type);
    internal bool IsComplex => torch.is_complex(Type);

    public static implicit operator Scalar(byte value) => OfInteger(torch.ScalarType.Byte, value);
    public static implicit operator Scalar(sbyte value) => OfInteger(torch.ScalarType.Int8, value);
    public static implicit operator Scalar(short value) => OfInteger(torch.ScalarType.Int16, value);
    public static implicit operator Scalar(int value) => OfInteger(torch.ScalarType.Int32, value);
    public static implicit operator Scalar(long value) => OfInteger(torch.ScalarType.Int64, value);
    public static implicit operator Scalar(bool value) => OfInteger(torch.ScalarType.Bool, value ? 1 : 0);
    public static implicit operator Scalar(Half value) => OfReal(torch.ScalarType.Float16, (double)value);
    public static implicit operator Scalar(BFloat16 value) => OfReal(torch.ScalarType.BFloat16, value.ToSingle());
    public static implicit operator Scalar(float value) => OfReal(torch.ScalarType.Float32, value);
    public static implicit operator Scalar(double value) => OfReal(torch.ScalarType.Float64, value);
    public static implicit operator Scalar((float, float) value) =>
        new(torch.ScalarType.ComplexFloat32) { Complex = new Complex(value.Item1, value.Item2) };
    public static implicit operator Scalar(Complex value) => new(torch.ScalarType.ComplexFloat64) { Complex = value };

    public void Dispose()
    {
        // Nothing native is held; the public package's scalars are disposable, so ours may be in a using as well.
    }

    internal double AsDouble() => IsComplex ? Complex.Real : IsReal ? Real : Integer;
    internal long AsInteger() => IsComplex ? (long)Complex.Real : IsReal ? (long)Real : Integer;

    private static Scalar OfInteger(torch.ScalarType type, long value) => new(type) { Integer = value };
    private static Scalar OfReal(torch.ScalarType type, double value) => new(type) { Real = value };
}

/// <summary>Conversions between scalars and .NET's numbers.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;

    public static float ToSingle(this Scalar value) => (float)value.AsDouble();
    public static double ToDouble(this Scalar value) => value.AsDouble();
    public static sbyte ToSByte(this Scalar value) => (sbyte)value.AsInteger();
    public static byte ToByte(this Scalar value) => (byte)value.AsInteger();
    public static short ToInt16(this Scalar value) => (short)value.AsInteger();
    public static int ToInt32(this Scalar value) => (int)value.AsInteger();
    public static long ToInt64(this Scalar value) => value.AsInteger();
    public static bool ToBoolean(this Scalar value) => value.AsDouble() != 0;
    public static Half ToHalf(this Scalar value) => (Half)value.AsDouble();
    public static BFloat16 ToBFloat16(this Scalar value) => new((float)value.AsDouble());
    public static Complex ToComplexFloat64(this Scalar value) => value.IsComplex ? value.Complex : value.AsDouble();
}
