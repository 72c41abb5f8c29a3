using Lzn.Durable.History;
using static Microsoft.DurableTask.Tests.Replay.Executions;

namespace Microsoft.DurableTask.Tests.Replay;

/// <summary>What goes from one execution to the next.</summary>
public sealed class ContinueAsNewTests
{
    [Fact]
    public void ContinueAsNew_CarriesTheEventsThatWereNotTaken()
    {
        var execution = Execution(async context =>
        {
            var first = await context.WaitForExternalEvent<int>("E");
            context.ContinueAsNew(first + 1);
            return 0;
        });
        execution.Run(Noon, [Start]);

        var turn = execution.Run(Noon, [new EventRaised("1", "E", Payload.Of("1")), new EventRaised("2", "E", Payload.Of("2"))]);

        var next = Assert.IsType<ContinuedAsNew>(Assert.Single(turn.Decided));
        Assert.Equal("2", next.Input?.Text);
        Assert.Equal("2", Assert.Single(next.Carried).MessageId);
    }

    [Fact]
    public void ContinueAsNew_EventsNotToBePreserved_AreLeftBehind()
    {
        var execution = Execution(async context =>
        {
            await context.CallActivityAsync("A");
            context.ContinueAsNew(preserveUnprocessedEvents: false);
            return 0;
        });
        execution.Run(Noon, [Start]);

        var turn = execution.Run(Noon, [Event("1", "E", "1"), new TaskCompleted(0, null), Event("2", "E", "2")]);

        var next = Assert.IsType<ContinuedAsNew>(Assert.Single(turn.Decided));
        Assert.Equal("2", Assert.Single(next.Carried).MessageId); // it came after the call
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData("2", "2")]
    public void ContinueAsNew_WithOrWithoutAVersion_KeepsOrChangesIt(string? version, string expected)
    {
        var execution = Execution(context =>
        {
            context.ContinueAsNew(new ContinueAsNewOptions { NewVersion = version });
            return Task.FromResult(0);
        });

        var turn = execution.Run(Noon, [Start with { Version = "1" }]);

        Assert.Equal(expected, Assert.IsType<ContinuedAsNew>(Assert.Single(turn.Decided)).Version);
    }

    [Fact]
    public void ContinueAsNew_ExceptionAfterIt_FailsTheInstance()
    {
        var execution = Execution<int>(context =>
        {
            context.ContinueAsNew();
            throw new InvalidDataException("after all");
        });

        Assert.Equal("after all", End(execution.Run(Noon, [Start])).Failure?.ErrorMessage);
    }

    [Fact]
    public void ContinueAsNew_WithACallOpen_WaitsForItsEnd()
    {
        var execution = Execution(context =>
        {
            _ = context.CallActivityAsync("A");
            context.ContinueAsNew();
            return Task.FromResult(0);
        });

        var first = execution.Run(Noon, [Start]);
        var second = execution.Run(Noon, [new TaskCompleted(0, null)]);

        Assert.IsType<TaskScheduled>(Assert.Single(first.Decided));
        Assert.IsType<ContinuedAsNew>(Assert.Single(second.Decided));
    }
}
