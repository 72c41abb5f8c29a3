using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Parameters that share their settings.</summary>
public class ParamGroup : ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions? Options { get; set; }

    public double LearningRate
    {
        get => Required.LearningRate!.Value; // set when the group was added
        set => Required.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Required.InitialLearningRate;
        set => Required.InitialLearningRate = value;
    }

    private OptimizerOptions Required => Options ?? throw new InvalidOperationException("A group has settings only once it was added to an optimizer.");
}

/// <summary>Parameters with the settings of one kind of optimizer.</summary>
public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup() { }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        Parameters = parameters;
        base.Options = options;
    }

    public new TOptions Options
    {
        get => (TOptions)base.Options!; // set when the group was added
        set => base.Options = value;
    }
}
