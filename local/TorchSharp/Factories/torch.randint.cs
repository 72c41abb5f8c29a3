using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Whole numbers drawn uniformly from [low, high).</summary>
    public static Tensor randint(
        long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) => Finish(
        generator is null
            ? Aten.randint_low.Call(low, high, size, dtype ?? ScalarType.Int64, Argument.None, device ?? get_default_device())
            : Aten.randint_low_generator.Call(low, high, size, generator, dtype ?? ScalarType.Int64, Argument.None, device ?? generator.device),
        requires_grad, names);

    public static Tensor randint(
        long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        randint(low, high, size.Shape, dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) =>
        randint(0, high, size.Shape, dtype, device, requires_grad, generator, names);

    /// <summary>A random order of the numbers 0 to n - 1.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) => Finish(
        generator is null
            ? Aten.randperm.Call(n, dtype ?? ScalarType.Int64, Argument.None, device ?? get_default_device())
            : Aten.randperm_generator.Call(n, generator, dtype ?? ScalarType.Int64, Argument.None, device ?? generator.device),
        requires_grad, null);

    /// <summary>Draws from N(mean, std^2) element by element.</summary>
    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) => Aten.normal_Tensor_Tensor.Call(mean, std, generator);

    public static Tensor normal(
        double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Finish(empty(size, dtype, device ?? generator?.device).normal_(mean, std, generator), requires_grad, names);

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        input.multinomial(num_samples, replacement, generator);
}
