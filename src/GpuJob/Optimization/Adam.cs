using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Optimization;

/// <summary>Adam (Kingma and Ba, 2015) with gradient clipping.</summary>
internal sealed class Adam : Optimizer
{
    internal const string Kind = "adam";

    internal const double Beta1 = 0.9;
    internal const double Beta2 = 0.999;
    internal const double Epsilon = 1e-8;
    private readonly List<Moments> _moments;

    /// <param name="parameters">Of a model, by their names in its state dictionary.</param>
    internal Adam(IReadOnlyCollection<(string Name, Parameter Parameter)> parameters)
        : base(parameters.Select(each => each.Name)) => _moments = [.. FlatParameters.Of(parameters).Select(each => new Moments(each))];

    /// <summary>First and second moments, by name.</summary>
    internal override IEnumerable<KeyValuePair<string, Tensor>> Named() => _moments.SelectMany(each => each.Named);

    /// <summary>What the first moment of a parameter is called in a file.</summary>
    internal static string MeanOf(string parameter) => $"{Kind}.{parameter}.mean";

    /// <summary>What the second moment of a parameter is called in a file.</summary>
    internal static string SquareOf(string parameter) => $"{Kind}.{parameter}.square";

    internal override double Step(Func<string, double> learningRate, double clipNorm, double lossScale = 1)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (moved, norms) = (new List<(Moments Moments, double Rate)>(), new List<Tensor>());
        foreach (var moments in _moments)
        {
            if (learningRate(moments.Part) is not (> 0 and var rate) || moments.GradientNorm() is not { } own)
                continue;
            moved.Add((moments, rate));
            norms.Add(own);
        }

        var norm = stack(norms).to_type(ScalarType.Float64).norm().item<double>() / lossScale;
        if (!double.IsFinite(norm))
            return norm;
        Steps.Add(moved.Select(each => each.Moments.Part));
        var scale = Math.Min(1, clipNorm / (norm + 1e-6)) / lossScale;
        foreach (var (moments, rate) in moved)
            moments.Move(scale, rate, Steps.Of(moments.Part));
        return norm;
    }

    public override void Dispose() => _moments.ForEach(each => each.Dispose());

    /// <summary>The moments of some parameters' gradients.</summary>
    private sealed class Moments : IDisposable
    {
        private readonly FlatParameters _parameters;
        private readonly Tensor _mean;      // [n]
        private readonly Tensor _square;    // [n]

        internal Moments(FlatParameters parameters)
        {
            using var scope = NewDisposeScope();
            _parameters = parameters;
            _mean = zeros_like(parameters.Weights()).DetachFromDisposeScope();
            _square = zeros_like(_mean).DetachFromDisposeScope();
            Named = [.. parameters.Named(_mean).Zip(parameters.Named(_square)).SelectMany(each =>
                new[] { Kept(MeanOf(each.First.Key), each.First.Value), Kept(SquareOf(each.First.Key), each.Second.Value) })];
        }

        internal string Part => _parameters.Part;

        /// <summary>They share the memory of the whole.</summary>
        internal IReadOnlyList<KeyValuePair<string, Tensor>> Named { get; }

        /// <returns>Null if there is no gradient.</returns>
        internal Tensor? GradientNorm()
        {
            using var scope = NewDisposeScope();
            return _parameters.Gradients()?.norm().MoveToOuterDisposeScope();
        }

        /// <param name="scale">What the gradients are multiplied by; there are some.</param> <param name="steps">Of this part, this one included.</param>
        internal void Move(double scale, double rate, long steps)
        {
            using var scope = NewDisposeScope();
            var (correction1, correction2) = (1 - Math.Pow(Beta1, steps), Math.Sqrt(1 - Math.Pow(Beta2, steps)));
            var gradient = _parameters.Gradients()!;
            _mean.mul_(Beta1).add_(gradient, alpha: (1 - Beta1) * scale);
            _square.mul_(Beta2).addcmul_(gradient, gradient, value: (1 - Beta2) * scale * scale);
            _parameters.Add(_mean, _square.sqrt().div_(correction2).add_(Epsilon), -rate / correction1);
        }

        public void Dispose()
        {
            foreach (var (_, view) in Named)
                view.Dispose();
            _mean.Dispose();
            _square.Dispose();
        }

        private static KeyValuePair<string, Tensor> Kept(string name, Tensor view) => KeyValuePair.Create(name, view.DetachFromDisposeScope());
    }
}
