namespace LznPipeline.Shared.Hashing;

/// <summary>Versions of the code that makes each artefact; part of its identity.</summary>
/// <remarks>
/// Raise a number whenever the same input would give another result: everything made from there on gets a new version, and nothing old is reused.
/// </remarks>
public static class CodeVersions
{
    public const int Prepare = 5;
    public const int Train = 12;
    public const int Evaluate = 7;
    public const int Embed = 6;
}
