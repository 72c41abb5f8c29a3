using LznPipeline.Activities.Edge;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace LznPipeline.Orchestrations.Tests.Edge;

/// <summary>What activities return and throw, as an orchestration gets it.</summary>
[Collection(OneHostAtATime.Name)]
public sealed class ActivityEdgeTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("lzn-state-");

    [Fact]
    public async Task Result_BeyondTheLimit_IsRefusedAndNotTriedAgain()
    {
        var failure = await FailureOfAsync(nameof(Talkative.ReturnMuch));

        Assert.Contains("ReturnMuch returned 20002 bytes. Allowed: 16384", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_LongText_IsCutToTwoThousandCharacters()
    {
        var failure = await FailureOfAsync(nameof(Talkative.FailAtLength));

        Assert.Contains("word word", failure, StringComparison.Ordinal);
        Assert.InRange(failure.Length, 1900, FailureLimit);
    }

    public void Dispose() => _state.Delete(recursive: true);

    /// <summary>The cut text, and the few words that name orchestration and activity around it.</summary>
    private const int FailureLimit = 2200;

    private async Task<string> FailureOfAsync(string activity)
    {
        await using var host = await PipelineHost.StartAsync(azurite.ConnectionString, azurite.NewHub(), _state.FullName, [typeof(Talkative)]);
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        var id = await client.ScheduleNewOrchestrationInstanceAsync(nameof(Talkative.Listen), activity);
        var ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        return ended.FailureDetails!.ErrorMessage;
    }

    internal static class Talkative
    {
        [Function(nameof(Listen))]
        public static Task<string> Listen([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.StepAsync("listen", () => context.CallActivityAsync<string>(context.GetInput<string>()!, input: "", Retry.Storage));

        [Function(nameof(ReturnMuch))]
        public static string ReturnMuch([ActivityTrigger] string unused) => unused + new string('x', 20_000);

        [Function(nameof(FailAtLength))]
        public static string FailAtLength([ActivityTrigger] string unused) => throw new PermanentFailureException(unused + string.Concat(Enumerable.Repeat("word ", 2000)));
    }
}
