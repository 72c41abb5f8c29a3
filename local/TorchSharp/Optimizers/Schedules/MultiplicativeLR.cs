namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new impl.MultiplicativeLR(optimizer, lr_lambda, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>The current rate times a function of the epoch, from epoch 1 on.</summary>
                public sealed class MultiplicativeLR : LRScheduler
                {
                    private readonly Func<int, double>[] _factors;
                    

                    public MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _factors = [.. Groups.Select(_ => lr_lambda)];
                        step();
                    }

                    public MultiplicativeLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _factors = [.. lr_lambdas];
                        if (_factors.Length != Groups.Count)
                            throw new ArgumentException($"{_factors.Length} functions were given for {Groups.Count} groups.", nameof(lr_lambdas));
                        step();
                    }

                    private protected override double Next(int group, int epoch, double current) => epoch > 0 ? current * _factors[group](epoch) : current;

                    private protected override double At(int group, int epoch) =>
                        Enumerable.Range(1, Math.Max(epoch, 0)).Aggregate(BaseRates[group], (rate, e) => rate * _factors[group](e));
                }
            }
        }
    }
}
