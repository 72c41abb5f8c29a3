namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler ConstantLR(
                Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false) =>
                new impl.ConstantLR(optimizer, factor, total_iters, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>The rate times factor until epoch total_iters, then the rate itself.</summary>
                public sealed class ConstantLR : LRScheduler
                {
                    private readonly double _factor;
                    private readonly int _total;
                    

                    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _factor = factor;
                        _total = total_iters;
                        step();
                    }

                    private protected override double At(int group, int epoch) => BaseRates[group] * (epoch >= _total ? 1 : _factor);

                    private protected override double Next(int group, int epoch, double current) =>
                        epoch == 0 ? current * _factor : epoch == _total ? current / _factor : current;
                }
            }
        }
    }
}
