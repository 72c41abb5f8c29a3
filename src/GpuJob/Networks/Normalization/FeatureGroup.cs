using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>The channels of one image that share a mean and a variance, and what is done to them while they lie in the cache.</summary>
/// <param name="channels">Of these channels alone.</param> <param name="mask">Multiplies the result.</param>
/// <param name="start">Number of the first element in the whole tensor.</param>
internal readonly ref struct FeatureGroup(ChannelParameters channels, DropoutMask mask, uint start)
{
    /// <summary>Numbers added in float32 before the sum goes on in float64.</summary>
    private const int Block = 4096;

    private readonly ReadOnlySpan<float> _weight = channels.Weight;
    private readonly ReadOnlySpan<float> _bias = channels.Bias;
    private readonly ReadOnlySpan<float> _shift = channels.Shift;
    private readonly DropoutMask _mask = mask;
    private readonly uint _start = start;

    /// <summary>y = mask * silu((x + shift - mean) / deviation * weight + bias).</summary>
    /// <returns>The mean and one over the standard deviation.</returns>
    internal (float Mean, float Scale) Forward(ReadOnlySpan<float> x, Span<float> y, double eps)
    {
        var size = x.Length / _weight.Length;
        var sum = 0.0;
        for (var channel = 0; channel < _weight.Length; channel++)
            sum += Sum(x.Slice(channel * size, size)) + (double)Shift(channel) * size;
        var mean = (float)(sum / x.Length);
        var squares = 0.0;
        for (var channel = 0; channel < _weight.Length; channel++)
            squares += Squares(x.Slice(channel * size, size), mean - Shift(channel));
        var scale = (float)(1 / Math.Sqrt(squares / x.Length + eps));
        for (var channel = 0; channel < _weight.Length; channel++)
        {
            var factor = _weight[channel] * scale;
            Activate(
                x.Slice(channel * size, size),
                y.Slice(channel * size, size),
                factor,
                _bias[channel] - factor * (mean - Shift(channel)),
                _start + (uint)(channel * size));
        }

        return (mean, scale);
    }

    /// <param name="gradient">By y.</param> <param name="mean">As <paramref name="scale"/>, from <see cref="Forward"/>.</param>
    /// <param name="result">Is filled.</param>
    internal void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> gradient, float mean, float scale, GroupGradients result)
    {
        var size = x.Length / _weight.Length;
        var (constant, slope) = (0.0, 0.0);                                     // of the part that x has in mean and deviation
        for (var channel = 0; channel < _weight.Length; channel++)
        {
            var (first, center, factor) = (channel * size, mean - Shift(channel), _weight[channel] * scale);
            var sums = Deactivate(
                x.Slice(first, size),
                gradient.Slice(first, size),
                result.X.Slice(first, size),
                factor,
                _bias[channel] - factor * center,
                center,
                _start + (uint)first);
            result.Bias[channel] = (float)sums.Gradient;
            result.Weight[channel] = (float)(sums.Product * scale);
            if (!result.Shift.IsEmpty)
                result.Shift[channel] = (float)sums.Difference;
            constant += sums.Gradient * factor / x.Length;
            slope += sums.Product * factor / x.Length * scale * scale;
        }

        for (var channel = 0; channel < _weight.Length; channel++)
        {
            var (center, factor) = (mean - Shift(channel), _weight[channel] * scale);
            Spread(x.Slice(channel * size, size), result.X.Slice(channel * size, size), factor, (float)slope, (float)(slope * center - constant));
            if (!result.Shift.IsEmpty)
                result.Shift[channel] = (float)(factor * result.Bias[channel] - slope * result.Shift[channel] - constant * size);
        }
    }

    private float Shift(int channel) => _shift.IsEmpty ? 0 : _shift[channel];

    private static double Sum(ReadOnlySpan<float> x)
    {
        var sum = 0.0;
        for (var from = 0; from < x.Length; from += Block)
        {
            var block = x[from..Math.Min(from + Block, x.Length)];
            var partial = Vector<float>.Zero;
            for (var i = 0; i < block.Length; i += Vector<float>.Count)
                partial += Load(block, i, fill: 0);
            sum += Vector.Sum(partial);
        }

        return sum;
    }

    private static double Squares(ReadOnlySpan<float> x, float center)
    {
        var sum = 0.0;
        for (var from = 0; from < x.Length; from += Block)
        {
            var block = x[from..Math.Min(from + Block, x.Length)];
            var partial = Vector<float>.Zero;
            for (var i = 0; i < block.Length; i += Vector<float>.Count)
            {
                var difference = Load(block, i, fill: center) - new Vector<float>(center);
                partial += difference * difference;
            }

            sum += Vector.Sum(partial);
        }

        return sum;
    }

    private void Activate(ReadOnlySpan<float> x, Span<float> y, float factor, float offset, uint first)
    {
        var drop = _mask;
        for (var i = 0; i < x.Length; i += Vector<float>.Count)
        {
            var value = Silu.Value(Load(x, i, fill: 0) * factor + new Vector<float>(offset));
            Store(drop.Drops ? value * drop.From(first + (uint)i) : value, y, i);
        }
    }

    /// <summary>Leaves in <paramref name="result"/> the gradient before SiLU.</summary>
    /// <returns>Sums of that gradient, of x - center, and of the product of both.</returns>
    private (double Gradient, double Difference, double Product) Deactivate(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gradient, Span<float> result, float factor, float offset, float center, uint first)
    {
        var drop = _mask;
        var sums = (Gradient: 0.0, Difference: 0.0, Product: 0.0);
        for (var from = 0; from < x.Length; from += Block)
        {
            var (gradients, differences, products) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            var end = Math.Min(from + Block, x.Length);
            for (var i = from; i < end; i += Vector<float>.Count)
            {
                var value = Load(x, i, fill: center);
                var before = Load(gradient, i, fill: 0) * Silu.Slope(value * factor + new Vector<float>(offset));
                if (drop.Drops)
                    before *= drop.From(first + (uint)i);
                Store(before, result, i);
                var difference = value - new Vector<float>(center);
                gradients += before;
                differences += difference;
                products += before * difference;
            }

            sums.Gradient += Vector.Sum(gradients);
            sums.Difference += Vector.Sum(differences);
            sums.Product += Vector.Sum(products);
        }

        return sums;
    }

    /// <summary>result = factor * result - slope * x + offset.</summary>
    private static void Spread(ReadOnlySpan<float> x, Span<float> result, float factor, float slope, float offset)
    {
        for (var i = 0; i < x.Length; i += Vector<float>.Count)
            Store(Load(result, i, fill: 0) * factor - Load(x, i, fill: 0) * slope + new Vector<float>(offset), result, i);
    }

    /// <param name="fill">Taken for the numbers behind the end.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ReadOnlySpan<float> source, int index, float fill) => index <= source.Length - Vector<float>.Count
        ? Vector.LoadUnsafe(ref MemoryMarshal.GetReference(source), (nuint)index)
        : LoadLast(source[index..], fill);

    private static Vector<float> LoadLast(ReadOnlySpan<float> source, float fill)
    {
        Span<float> whole = stackalloc float[Vector<float>.Count];
        whole.Fill(fill);
        source.CopyTo(whole);
        return new Vector<float>(whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> value, Span<float> target, int index)
    {
        if (index <= target.Length - Vector<float>.Count)
            value.StoreUnsafe(ref MemoryMarshal.GetReference(target), (nuint)index);
        else
            StoreLast(value, target[index..]);
    }

    private static void StoreLast(Vector<float> value, Span<float> target)
    {
        Span<float> whole = stackalloc float[Vector<float>.Count];
        value.CopyTo(whole);
        whole[..target.Length].CopyTo(target);
    }
}
