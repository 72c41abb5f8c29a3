using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of the given shape drawn from U[0, 1); the generator decides what is drawn, the default one when none is given.</summary>
    public static Tensor rand(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Finish(
        generator is null
            ? Aten.rand.Call(size, dtype ?? get_default_dtype(), Argument.None, device ?? get_default_device())
            : Aten.rand_generator.Call(size, generator, dtype ?? get_default_dtype(), Argument.None, device ?? generator.device),
        requires_grad, names);

    public static Tensor rand(
        ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        rand(size.ToArray(), dtype, device, requires_grad, generator, names);
    public static Tensor rand(
        long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(new long[] { size }, dtype, device, requires_grad, generator, names);
    public static Tensor rand(
        long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        rand(new long[] { rows, columns }, dtype, device, requires_grad, generator, names);
    public static Tensor rand(
        long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        rand(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad, generator, names);
    public static Tensor rand(
        long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        rand(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad, generator, names);
    public static Tensor rand(
        int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand(new long[] { size }, dtype, device, requires_grad, generator, names);
    public static Tensor rand(
        int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        rand(new long[] { rows, columns }, dtype, device, requires_grad, generator, names);
    public static Tensor rand(
        int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        rand(new long[] { dim0, dim1, dim2 }, dtype, device, requires_grad, generator, names);
    public static Tensor rand(
        int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        rand(new long[] { dim0, dim1, dim2, dim3 }, dtype, device, requires_grad, generator, names);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.rand_like(dtype, device, requires_grad);
}
