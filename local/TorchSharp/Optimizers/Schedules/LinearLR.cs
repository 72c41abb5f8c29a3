namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler LinearLR(
                Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1,
                bool verbose = false) =>
                new impl.LinearLR(optimizer, start_factor, end_factor, total_iters, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>The rate times a factor that goes in a line from start_factor to end_factor in total_iters epochs.</summary>
                public sealed class LinearLR : LRScheduler
                {
                    private readonly double _start;
                    private readonly double _end;
                    private readonly int _total;
                    

                    public LinearLR(
                        Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1,
                        bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _start = start_factor;
                        _end = end_factor;
                        _total = total_iters;
                        step();
                    }

                    private protected override double At(int group, int epoch) => BaseRates[group] * Factor(epoch);

                    private protected override double Next(int group, int epoch, double current) => epoch switch
                    {
                        0 => current * _start,
                        _ when epoch > _total => current,
                        _ => current * Factor(epoch) / Factor(epoch - 1),
                    };

                    private double Factor(int epoch) => _start + ((_end - _start) * Math.Min(_total, epoch) / _total);
                }
            }
        }
    }
}
