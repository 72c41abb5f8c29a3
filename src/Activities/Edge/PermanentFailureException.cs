namespace LznPipeline.Activities.Edge;

/// <summary>An activity failed, and would fail again: its input is wrong, or what it needs was taken away.</summary>
public sealed class PermanentFailureException(string message) : Exception(message);
