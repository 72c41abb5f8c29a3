namespace LznPipeline.Activities.Edge;

/// <summary>An activity failed for a reason that may pass, such as storage that does not answer.</summary>
public sealed class TransientFailureException(string message) : Exception(message);
