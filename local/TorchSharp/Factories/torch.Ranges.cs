using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(Aten.arange_start_step.Call(start, stop, step, dtype ?? TypeFor(start, stop, step), Argument.None, device ?? get_default_device()), requires_grad, null);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    /// <summary>What values say of the element type when none is given: whole numbers are int64, others the default type.</summary>
    private static ScalarType TypeFor(params ReadOnlySpan<Scalar> values)
    {
        foreach (var value in values)
        {
            if (value.IsComplex) return value.Type;
            if (value.IsReal) return get_default_dtype();
        }

        return ScalarType.Int64;
    }

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(Aten.linspace.Call(start, end, steps, dtype ?? get_default_dtype(), Argument.None, device ?? get_default_device()), requires_grad, null);

    public static Tensor logspace(
        double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(Aten.logspace.Call(start, end, steps, @base, dtype ?? get_default_dtype(), Argument.None, device ?? get_default_device()), requires_grad, null);

    public static Tensor eye(
        long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Finish(
        Aten.eye_m.Call(rows, columns < 0 ? rows : columns, dtype ?? get_default_dtype(), Argument.None, device ?? get_default_device()), requires_grad, names);

    public static Tensor complex(Tensor real, Tensor imag) => Aten.complex.Call(real, imag);

    public static Tensor polar(Tensor abs, Tensor angle) => Aten.polar.Call(abs, angle);
}
