namespace LznPipeline.Activities.Edge;

/// <summary>Texts of failures, short enough for histories and queues.</summary>
internal static class FailureText
{
    internal const int MaxLength = 2000;

    internal static string Cut(string text) => text.Length <= MaxLength ? text : text[..(MaxLength - 1)] + "…";
}
