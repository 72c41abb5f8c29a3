namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>What splits are called.</summary>
internal static class SplitNames
{
    internal const string Train = "train";
    internal const string Test = "test";
    internal const string Validation = "val";

    /// <summary>The split that a folder of this name holds, or null.</summary>
    internal static string? Of(string folder) => folder.ToLowerInvariant() switch
    {
        "train" or "training" => Train,
        "test" or "testing" => Test,
        "val" or "valid" or "validation" => Validation,
        _ => null,
    };

    /// <summary>The split that one of the words of a name says, as in <c>train-00000-of-00010</c> or <c>bedroom_val</c>; or null.</summary>
    internal static string? In(string name) => name.Split('-', '_', '.').Select(Of).FirstOrDefault(split => split is not null);
}
