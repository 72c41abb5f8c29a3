namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimizer's groups; the constructor makes the step to epoch 0.</summary>
            public abstract class LRScheduler
            {
                private readonly bool _verbose;
                private readonly double[] _last;
                private int _epoch;

                private protected LRScheduler(Optimizer optimizer, int last_epoch, bool verbose)
                {
                    Groups = [.. optimizer.ParamGroups];
                    BaseRates = [.. Groups.Select(group => group.InitialLearningRate)];
                    _last = [.. Groups.Select(group => group.LearningRate)];
                    _epoch = last_epoch;
                    _verbose = verbose;
                }

                private protected IReadOnlyList<ILearningRateController> Groups { get; }

                private protected IReadOnlyList<double> BaseRates { get; }

                public IEnumerable<double> get_last_lr() => _last;

                public virtual void step() => step(null);

                /// <summary>Goes to the given epoch by the closed form, or to the next one from the current rates.</summary>
                public virtual void step(int? epoch)
                {
                    _epoch = epoch ?? (_epoch + 1);
                    for (var i = 0; i < Groups.Count; i++)
                    {
                        var rate = epoch is null ? Next(i, _epoch, Groups[i].LearningRate) : At(i, _epoch);
                        if (_verbose && rate != _last[i]) Console.WriteLine($"Adjusting learning rate to {rate}");
                        Groups[i].LearningRate = _last[i] = rate;
                    }
                }

                /// <summary>The metric is for schedules that look at one; these do not.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                /// <summary>The rate of a group at an epoch, from nothing but the base rate.</summary>
                private protected abstract double At(int group, int epoch);

                /// <summary>The rate at an epoch from the one before, so that several schedules can act on one optimizer.</summary>
                private protected virtual double Next(int group, int epoch, double current) => At(group, epoch);
            }
        }
    }
}
