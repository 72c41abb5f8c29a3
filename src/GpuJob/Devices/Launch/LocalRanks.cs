using LznPipeline.GpuJob.Devices.Membership;

namespace LznPipeline.GpuJob.Devices.Launch;

/// <summary>The other processes of a node, in the hands of the first.</summary>
internal sealed class LocalRanks : IAsyncDisposable
{
    /// <summary>How long they may take to end after a failure: they have only to say so, and one that hangs or still looks for the group would never end.</summary>
    private static readonly TimeSpan PatienceAfterFailure = TimeSpan.FromSeconds(2);

    private readonly List<LocalRank> _ranks;

    private LocalRanks(List<LocalRank> ranks)
    {
        _ranks = ranks;
        FirstFailure = FirstFailureAsync();
    }

    /// <summary>Completes when one of them has failed; never, if none does.</summary>
    internal Task<RankFailure> FirstFailure { get; }

    /// <summary>Starts them, if this process is the first of its node.</summary>
    /// <param name="port">Where rank 0 listens, if that is on this node alone.</param>
    internal static LocalRanks Start(GroupLaunch launch, int port)
    {
        var others = launch.Topology.LocalRank == 0 ? Enumerable.Range(1, launch.Topology.Devices - 1) : [];
        return new LocalRanks([.. others.Select(local => LocalRank.Start(launch, local, port))]);
    }

    /// <summary>Tells of the first that fails, also if it already has.</summary>
    internal void ReportTo(Func<RankFailure, Task> report) => _ = ReportAsync(report);

    /// <summary>The group has failed, so they need not be waited for long.</summary>
    internal void Abandon() => _ranks.ForEach(rank => rank.Patience = PatienceAfterFailure);

    /// <summary>Waits for their end, and brings it about if it does not come.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_ranks.Select(rank => rank.DisposeAsync().AsTask()));

    private async Task ReportAsync(Func<RankFailure, Task> report) => await report(await FirstFailure);

    private async Task<RankFailure> FirstFailureAsync()
    {
        await foreach (var ended in Task.WhenEach(_ranks.Select(rank => rank.Ended)))
        {
            if (await ended is { } failure)
                return failure;
        }

        return await new TaskCompletionSource<RankFailure>().Task;
    }
}
