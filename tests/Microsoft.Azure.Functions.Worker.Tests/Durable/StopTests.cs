using System.Net.Http.Json;
using System.Text.Json;
using LznPipeline.Testing;
using Microsoft.Azure.Functions.Worker.Tests.Hosting;
using Microsoft.Azure.Functions.Worker.Tests.Sample;
using Microsoft.DurableTask;

namespace Microsoft.Azure.Functions.Worker.Tests.Durable;

public sealed class StopTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private readonly string _hub = azurite.NewHub();

    [Fact]
    public async Task Stop_ActivityHeedsItsToken_RunsAgainOnTheNextHostInsteadOfFailing()
    {
        string id;
        await using (var first = await StartAsync())
        {
            using var started = await first.Client.PostAsJsonAsync("/runtime/webhooks/durabletask/orchestrators/Once", "stopped");
            id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            await Eventually.Becomes(() => first.Journal.Lines, lines => lines.Contains("begun stopped"));
            await first.StopAsync();
        }

        Interruptible.Finish = true;
        await using var second = await StartAsync();
        var status = await Eventually.BecomesAsync(
            () => second.Client.GetFromJsonAsync<JsonElement>($"/runtime/webhooks/durabletask/instances/{id}"),
            state => state.GetProperty("runtimeStatus").GetString() is "Completed" or "Failed");

        Assert.Equal("finished stopped", status.GetProperty("output").GetString());
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(
        [typeof(Interruptible)], settings: [("AzureWebJobsStorage", azurite.ConnectionString), ("AzureFunctionsJobHost:extensions:durableTask:hubName", _hub)]);

    internal sealed class Interruptible(Journal journal)
    {
        public static bool Finish { get; set; }

        [Function("Once")]
        public static Task<string> OnceAsync([OrchestrationTrigger] TaskOrchestrationContext context, string text) => context.CallActivityAsync<string>("Interrupted", text);

        [Function("Interrupted")]
        public async Task<string> RunAsync([ActivityTrigger] string text, CancellationToken stop)
        {
            journal.Write("begun " + text);
            if (!Finish)
                await Task.Delay(Timeout.Infinite, stop);
            return "finished " + text;
        }
    }
}
