using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of the given shape drawn from N(0, 1); the generator decides what is drawn, the default one when none is given.</summary>
    public static Tensor randn(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Finish(
        generator is null
            ? Aten.randn.Call(size, dtype ?? get_default_dtype(), Argument.None, device ?? get_default_device())
            : Aten.randn_generator.Call(size, generator, dtype ?? get_default_dtype(), Argument.None, device ?? generator.device),
        requires_grad, names);

    public static Tensor randn(
        ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        randn(size.ToArray(), dtype, device, requires_grad, generator, names);
    public static Tensor randn(
        long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(new long[] { size }, dtype, device, requires_grad, generator, names);
    public static Tensor randn(
        long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        randn(new long[] { rows, columns }, dtype, device, requires_grad, generator, names);
    public static Tensor randn(
        long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        randn(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad, generator, names);
    public static Tensor randn(
        long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randn(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad, generator, names);
    public static Tensor randn(
        int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(new long[] { size }, dtype, device, requires_grad, generator, names);
    public static Tensor randn(
        int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        randn(new long[] { rows, columns }, dtype, device, requires_grad, generator, names);
    public static Tensor randn(
        int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        randn(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad, generator, names);
    public static Tensor randn(
        int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randn(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad, generator, names);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.randn_like(dtype, device, requires_grad);
}
