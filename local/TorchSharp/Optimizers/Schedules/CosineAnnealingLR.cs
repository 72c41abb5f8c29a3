namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) =>
                new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>The rate follows a cosine from the base rate at epoch 0 to eta_min at T_max (Loshchilov and Hutter 2017, arXiv 1608.03983).</summary>
                public sealed class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _period;
                    private readonly double _minimum;
                    

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _period = T_max;
                        _minimum = eta_min;
                        step();
                    }

                    private protected override double At(int group, int epoch) => _minimum + ((BaseRates[group] - _minimum) * Height(epoch));

                    private protected override double Next(int group, int epoch, double current)
                    {
                        if (epoch == 0) return current;
                        // At the bottom of the wave the ratio below is 0/0; the rise from there is the closed form's.
                        if ((epoch - 1 - _period) % (2 * _period) == 0) return current + ((BaseRates[group] - _minimum) * Height(epoch));
                        return _minimum + ((current - _minimum) * Height(epoch) / Height(epoch - 1));
                    }

                    private double Height(int epoch) => (1 + Math.Cos(Math.PI * epoch / _period)) / 2;
                }
            }
        }
    }
}
