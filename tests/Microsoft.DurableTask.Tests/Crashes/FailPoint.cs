using Azure.Core;
using Azure.Core.Pipeline;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>Kills the process, as kill -9 does, at its n-th storage request: before it leaves, or after its answer has come.</summary>
internal sealed class FailPoint(int number, bool afterAnswer) : HttpPipelinePolicy
{
    private int _requests;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var dies = Interlocked.Increment(ref _requests) == number;
        if (dies && !afterAnswer)
            Die();
        ProcessNext(message, pipeline);
        if (dies)
            Die();
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var dies = Interlocked.Increment(ref _requests) == number;
        if (dies && !afterAnswer)
            Die();
        await ProcessNextAsync(message, pipeline);
        if (dies)
            Die();
    }

    private static void Die()
    {
        System.Diagnostics.Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite); // the signal is on its way
    }
}
