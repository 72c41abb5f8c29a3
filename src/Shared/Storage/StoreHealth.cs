namespace LznPipeline.Shared.Storage;

/// <summary>Whether storage answers, asked by one short question.</summary>
public sealed class StoreHealth(ArtifactStore store)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <returns>Null when it answers, else what is wrong.</returns>
    public async Task<string?> ProblemAsync(CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        try
        {
            await store.LengthAsync("health", deadline.Token);      // whether it is there does not matter; that somebody answers does
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"Storage has not answered for {Patience.TotalSeconds} s.";
        }
        catch (Exception silent) when (!stop.IsCancellationRequested)
        {
            return $"Storage does not answer: {silent.GetBaseException().Message.Split('\n')[0]}";
        }
    }
}
