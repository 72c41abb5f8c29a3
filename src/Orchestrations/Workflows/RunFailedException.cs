using Microsoft.DurableTask;

namespace LznPipeline.Orchestrations.Workflows;

/// <summary>A run ends here: which step failed, and what the one who first noticed said.</summary>
public sealed class RunFailedException(string step, TaskFailedException cause) : Exception($"Step {step} failed: {FirstCause(cause)}", cause)
{
    private static string FirstCause(TaskFailedException cause)
    {
        if (cause.FailureDetails is not { } failure)        // so it is when a child was terminated
            return $"{cause.TaskName} was terminated.";
        while (failure.InnerFailure is { } inner)
            failure = inner;
        return failure.ErrorMessage;
    }
}
