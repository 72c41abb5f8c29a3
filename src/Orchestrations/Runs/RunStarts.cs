using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LznPipeline.Orchestrations.Runs;

/// <summary>Starting workflows under ids that say what they do.</summary>
internal static class RunStarts
{
    /// <summary>As names and versions make them: name, hyphen, version.</summary>
    private const int MaxIdLength = 100;

    /// <summary>Whether there can be a run of that id. Storage refuses others, and not in words for users.</summary>
    internal static bool IsId(string id) => id.Length is > 0 and <= MaxIdLength && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');

    /// <summary>Starts an instance, unless one of that id <see cref="IsThereAsync">is there</see>; one that failed or was terminated begins anew.</summary>
    /// <returns>False when nothing was started.</returns>
    internal static async Task<bool> StartOnceAsync(this DurableTaskClient client, string workflow, string id, object input, CancellationToken stop)
    {
        if (await client.IsThereAsync(id, stop))
            return false;
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(workflow, input, new StartOrchestrationOptions(id), stop);
            return true;
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            // Backends refuse an id in use with exceptions of their own. Somebody else may have started it since we looked.
            if (await client.IsThereAsync(id, stop))
                return false;
            throw;
        }
    }

    /// <summary>Whether an instance of that id is under way or completed.</summary>
    internal static async Task<bool> IsThereAsync(this DurableTaskClient client, string id, CancellationToken stop) =>
        await client.GetInstanceAsync(id, stop) is { RuntimeStatus: not (OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated) };
}
