using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask.Tests.Api;

public sealed class ApiTests
{
    [Fact]
    public void TaskName_OfOtherCase_IsTheSameName()
    {
        Assert.Equal(new TaskName("Train"), new TaskName("tRAIN"));
        Assert.Equal(default, new TaskName(""));
    }

    [Theory]
    [InlineData(0, 1.0, 1.0)]
    [InlineData(1, 0.0, 1.0)]
    [InlineData(1, 1.0, 0.5)]
    public void RetryPolicy_ArgumentOutOfRange_IsRefused(int attempts, double firstSeconds, double coefficient) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(attempts, TimeSpan.FromSeconds(firstSeconds), coefficient));

    [Fact]
    public void RetryPolicy_LongestIntervalBelowTheFirst_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(2, TimeSpan.FromSeconds(2), maxRetryInterval: TimeSpan.FromSeconds(1)));

    [Fact]
    public void Registry_NameTwice_IsRefused()
    {
        var registry = new DurableTaskRegistry().AddActivityFunc<int, int>("Square", (_, value) => value * value);

        var error = Assert.Throws<ArgumentException>(() => registry.AddActivityFunc<int, int>("square", (_, value) => value));

        Assert.Contains("'square' is already added", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Registry_ClassWithAttribute_HasTheAttributesName() =>
        Assert.Equal("Named", new DurableTaskRegistry().AddOrchestrator<NamedOrchestrator>().GetOrchestrators().Single().Key.Name);

    [Fact]
    public void FailureDetails_IsCausedBy_KnowsBaseTypes()
    {
        var failure = TaskFailureDetails.FromException(new InvalidDataException("outer", new InvalidOperationException("inner")));

        Assert.True(failure.IsCausedBy<SystemException>());
        Assert.False(failure.IsCausedBy<ArgumentException>());
        Assert.True(failure.InnerFailure?.IsCausedBy<InvalidOperationException>());
    }

    [Fact]
    public void TaskFailedException_Text_NamesTaskNumberAndCause() => Assert.Equal(
        "Task 'Train' (#3) failed with an unhandled exception: disk full",
        new TaskFailedException("Train", 3, new TaskFailureDetails("T", "disk full", null, null, null)).Message);

    [Theory]
    [InlineData("1.10", "1.9", 1)]
    [InlineData("", "1.0", -1)]
    [InlineData("b", "A", 1)]
    public void TaskVersion_OfAContext_ComparesAsVersionThenAsText(string own, string other, int expected) =>
        Assert.Equal(expected, Math.Sign(new VersionedContext(own).CompareVersionTo(other)));

    [Fact]
    public async Task Client_WithoutBackend_SaysWhatToDo()
    {
        var services = new ServiceCollection();
        services.AddDurableTaskClient();
        await using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<DurableTaskClient>);

        Assert.Contains("UseAzureStorage", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Worker_AddedTwice_IsOneWorker()
    {
        var services = new ServiceCollection();

        var first = services.AddDurableTaskWorker();
        var second = services.AddDurableTaskWorker();

        Assert.Same(first, second);
    }

    [Fact]
    public async Task Pageable_OfTwoPages_GivesAllItemsInOrder()
    {
        var pages = Pageable.Create<string>((token, _) => Task.FromResult(token is null ? new Page<string>(["a"], "next") : new Page<string>(["b"])));

        var all = new List<string>();
        await foreach (var item in pages)
            all.Add(item);

        Assert.Equal(["a", "b"], all);
    }

    [DurableTask("Named")]
    internal sealed class NamedOrchestrator : TaskOrchestrator<int, int>
    {
        public override Task<int> RunAsync(TaskOrchestrationContext context, int input) => Task.FromResult(input);
    }
}
