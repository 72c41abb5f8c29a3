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
        await using (var first = await StartAsync(drainSeconds: 0))
        {
            using var started = await first.Client.PostAsJsonAsync("/runtime/webhooks/durabletask/orchestrators/Once", "stopped");
            id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            await Eventually.Becomes(() => first.Journal.Lines, lines => lines.Contains("begun stopped"));
            await first.StopAsync();
        }

        Interruptible.Finish = true;
        await using var second = await StartAsync(drainSeconds: 0);
        var status = await Eventually.BecomesAsync(
            () => second.Client.GetFromJsonAsync<JsonElement>($"/runtime/webhooks/durabletask/instances/{id}"),
            state => state.GetProperty("runtimeStatus").GetString() is "Completed" or "Failed");

        Assert.Equal("finished stopped", status.GetProperty("output").GetString());
    }

    [Fact]
    public async Task Stop_ActivityThatEndsWithinTheLimit_IsNotRunAgain()
    {
        string id;
        await using (var first = await StartAsync(drainSeconds: 60))
        {
            using var started = await first.Client.PostAsJsonAsync("/runtime/webhooks/durabletask/orchestrators/Patient", "drained");
            id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            await Eventually.Becomes(() => first.Journal.Lines, lines => lines.Contains("begun drained"));
            var stopped = first.StopAsync();
            await Eventually.Becomes(() => first.IsStopping, stopping => stopping);
            Interruptible.GoOn.SetResult();
            await stopped;
            Assert.Contains("ended drained, cancelled False", first.Journal.Lines);
        }

        await using var second = await StartAsync(drainSeconds: 0);
        var status = await Eventually.BecomesAsync(
            () => second.Client.GetFromJsonAsync<JsonElement>($"/runtime/webhooks/durabletask/instances/{id}"),
            state => state.GetProperty("runtimeStatus").GetString() is "Completed" or "Failed");

        Assert.Equal("ended drained", status.GetProperty("output").GetString());
        Assert.DoesNotContain("begun drained", second.Journal.Lines);
    }

    private Task<TestHost> StartAsync(int drainSeconds) => TestHost.StartAsync(
        [typeof(Interruptible)], settings: [("Lzn:Functions:DrainSeconds", $"{drainSeconds}"), ("AzureWebJobsStorage", azurite.ConnectionString), ("AzureFunctionsJobHost:extensions:durableTask:hubName", _hub)]);

    internal sealed class Interruptible(Journal journal)
    {
        public static bool Finish { get; set; }

        public static TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [Function("Patient")]
        public static Task<string> PatientAsync([OrchestrationTrigger] TaskOrchestrationContext context, string text) => context.CallActivityAsync<string>("Lasting", text);

        [Function("Lasting")]
        public async Task<string> LastAsync([ActivityTrigger] string text, CancellationToken stop)
        {
            journal.Write("begun " + text);
            await GoOn.Task;
            journal.Write($"ended {text}, cancelled {stop.IsCancellationRequested}");
            return "ended " + text;
        }

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
