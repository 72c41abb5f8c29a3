using Microsoft.DurableTask.Client;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>What is known beforehand of a workflow.</summary>
/// <param name="Output">JSON.</param>
/// <param name="Effects">The names of the blobs that an instance of the id leaves.</param>
internal sealed record Shape(string Name, string Output, Func<string, IEnumerable<string>> Effects)
{
    /// <summary>Starts an instance and sends it what it waits for.</summary>
    public async Task<string> StartAsync(DurableTaskClient client)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(Name, Name == "Eternal" ? 0 : null);
        for (var i = 0; i < Workflows.Signals && Name is "Events" or "Carrying"; i++)
            await client.RaiseEventAsync(id, "Signal", i);
        return id;
    }
}
