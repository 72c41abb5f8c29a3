using System.Text.Json;
using LznPipeline.Activities.Edge;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Shared.Options;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Invocation;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace LznPipeline.Orchestrations.Tests.Edge;

/// <summary>What activities return and throw, as the durable extension's executor hands it to the host.</summary>
public sealed class ActivityEdgeTests
{
    [Fact]
    public async Task Result_BeyondTheLimit_IsRefusedAndNotTriedAgain()
    {
        var failure = await FailureOfAsync(context => context.GetInvocationResult().Value = new string('x', 20_000));

        Assert.Equal(typeof(PermanentFailureException).FullName, failure.ErrorType);
        Assert.StartsWith("Talkative returned 20002 bytes. Allowed: 16384", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Result_WithinTheLimit_Passes()
    {
        var context = await RunAsync("activityTrigger", context => context.GetInvocationResult().Value = "small");

        Assert.Equal("small", context.GetInvocationResult().Value);
    }

    [Fact]
    public async Task Failure_LongText_IsCutToTwoThousandCharacters()
    {
        var failure = await FailureOfAsync(_ => throw new PermanentFailureException(string.Concat(Enumerable.Repeat("word ", 2000))));

        Assert.StartsWith("word word", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(2000, failure.ErrorMessage.Length);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Failure_OfEachKind_SaysToTheRetryPolicyWhetherTryingAgainCanHelp(Exception thrown, bool isFinal, string text)
    {
        var failure = await FailureOfAsync(_ => throw thrown);

        Assert.Equal((isFinal, text), (failure.IsCausedBy<PermanentFailureException>(), failure.ErrorMessage));
        Assert.Null(failure.InnerFailure);
    }

    public static TheoryData<Exception, bool, string> Failures => new()
    {
        { new PermanentFailureException("taken away"), true, "taken away" },
        { new OptionsException("field", "given", "allowed"), true, new OptionsException("field", "given", "allowed").Message },
        { new InvalidDataException("half a manifest"), true, "half a manifest" },
        { new TransientFailureException("not now\nnor in this line"), false, "not now\nnor in this line" },
        { new IOException("storage is away", new TimeoutException("100 s")), false, "IOException: storage is away" },
    };

    [Fact]
    public async Task Failure_WhileTheHostStops_IsLeftAsItIs()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync("activityTrigger", _ => throw new OperationCanceledException(), stopped.Token));
    }

    [Fact]
    public async Task Failure_OfAnotherTrigger_IsNotOurs() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => RunAsync("httpTrigger", _ => throw new InvalidDataException("a bad request")));

    /// <summary>The extension's executor, which the worker calls for durable functions; it is internal there.</summary>
    private static Type DurableExecutor { get; } = typeof(ActivityTriggerAttribute).Assembly
        .GetType("Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Execution.DurableFunctionExecutor", throwOnError: true)!;

    /// <summary>The failure as the extension writes it down: JSON of TaskFailureDetails in the message, which the host reads.</summary>
    private static async Task<TaskFailureDetails> FailureOfAsync(Action<FunctionContext> activity)
    {
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(DurableExecutor, "activityTrigger", activity, CancellationToken.None));
        var written = JsonDocument.Parse(failed.Message).RootElement;
        return new TaskFailureDetails(
            written.GetProperty("errorType").GetString()!,
            written.GetProperty("errorMessage").GetString()!,
            StackTrace: null,
            InnerFailure: written.TryGetProperty("innerFailure", out var inner) ? new TaskFailureDetails($"{inner}", "", null, null, null) : null,
            Properties: null);
    }

    private static Task<FunctionContext> RunAsync(string trigger, Action<FunctionContext> function, CancellationToken stop = default) =>
        RunAsync(typeof(IFunctionExecutor), trigger, function, stop);

    private static async Task<FunctionContext> RunAsync(Type executor, string trigger, Action<FunctionContext> function, CancellationToken stop)
    {
        Function.Body.Value = function;
        using var app = TestApp.Build(services => services.AddSingleton<IFunctionExecutor, Function>());
        var context = new FakeFunctionContext("Talkative", trigger, app.Services, stop);
        await ((IFunctionExecutor)app.Services.GetRequiredService(executor)).ExecuteAsync(context);
        return context;
    }

    /// <summary>Stands where the app's generated executor stands.</summary>
    private sealed class Function : IFunctionExecutor
    {
        internal static AsyncLocal<Action<FunctionContext>> Body { get; } = new();

        public ValueTask ExecuteAsync(FunctionContext context)
        {
            Body.Value!(context);
            return ValueTask.CompletedTask;
        }
    }
}
