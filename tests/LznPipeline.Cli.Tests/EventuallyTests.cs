using LznPipeline.Testing;
using Xunit.Sdk;

namespace LznPipeline.Cli.Tests;

public sealed class EventuallyTests
{
    [Fact]
    public async Task Becomes_StateThatArrives_ReturnsIt()
    {
        var looks = 0;

        Assert.Equal(3, await Eventually.Becomes(() => ++looks, count => count >= 3));
    }

    [Fact]
    public async Task Becomes_StateThatNeverArrives_ShowsConditionAndLastState()
    {
        var error = await Assert.ThrowsAsync<XunitException>(() => Eventually.Becomes(() => "half", state => state == "whole", TimeSpan.FromMilliseconds(50)));

        Assert.Contains("state == \"whole\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("Last state: half", error.Message, StringComparison.Ordinal);
    }
}
