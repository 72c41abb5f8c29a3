using System.Text.Json.Serialization;

namespace LznPipeline.Shared.Jobs;

/// <summary>Names a job: its run, and its folder in the run.</summary>
/// <param name="Step">
/// The step's name and a hash of the job's input, such as <c>train-5f0c91d2</c>. A run that is started anew after its data changed thereby gets a new job,
/// and one that is started anew with the same input goes on where the earlier one ended.
/// </param>
public sealed record JobRef(string RunId, string Step)
{
    internal const int KeyLength = 8;

    /// <summary>The step without the hash, such as <c>train</c> or <c>embed-00003</c>.</summary>
    [JsonIgnore]
    public string Name => NameOf(Step);

    public static string NameOf(string step) => step.Length > KeyLength + 1 && step[^(KeyLength + 1)] == '-' ? step[..^(KeyLength + 1)] : step;
}
