namespace LznPipeline.Shared.Runs;

/// <summary>The steps of a training run, in the order in which they begin. The run's stage is one of them.</summary>
public static class RunSteps
{
    public const string Validate = "validate";
    public const string Prepare = "prepare";
    public const string Train = "train";
    public const string Evaluate = "evaluate";
    public const string Register = "register";
    public const string Embed = "embed";
    public const string Publish = "publish";

    public static IReadOnlyList<string> All { get; } = [Validate, Prepare, Train, Evaluate, Register, Embed, Publish];

    /// <summary>The embed step's part with this index, such as <c>embed-00003</c>.</summary>
    public static string EmbedPart(int index) => $"{Embed}-{index:D5}";
}
