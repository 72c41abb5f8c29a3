using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Devices.Membership;

/// <summary>What is known of a failure in a group.</summary>
/// <param name="Rank">Who failed.</param>
/// <param name="Evidence">How it is known.</param>
/// <param name="ExitCode">As in <see cref="Shared.Jobs.ExitCode"/>; what the whole job shall end with.</param>
/// <param name="Message">The error first, for a person.</param>
internal sealed record RankFailure(int Rank, Evidence Evidence, int ExitCode, string Message);

/// <summary>How a failure is known, the most telling first. One failure causes others: the most telling report names the cause.</summary>
internal enum Evidence
{
    /// <summary>The rank itself said so.</summary>
    Told,

    /// <summary>The process that started it saw it end.</summary>
    Seen,

    /// <summary>Its connection ended, or it went silent.</summary>
    Missed,

    /// <summary>Another rank could not go on without somebody.</summary>
    Consequence,
}

/// <summary>The group has failed, and with it the job. The message begins with the error of the rank that failed first.</summary>
internal sealed class RankFailedException(RankFailure failure) : Exception(failure.Message), IJobEnding
{
    public int ExitCode => failure.ExitCode;

    internal RankFailure Failure => failure;
}

/// <summary>Finds the cause among the reports of a failure: the most telling one, waiting a moment for better ones.</summary>
/// <param name="grace">How long to wait after the first report, unless it cannot be bettered.</param>
internal sealed class Verdict(TimeSpan grace)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<RankFailure> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RankFailure? _best;

    /// <summary>Completes with the cause.</summary>
    internal Task<RankFailure> Reached => _reached.Task;

    internal void Report(RankFailure failure)
    {
        bool first;
        lock (_lock)
        {
            first = _best is null;
            if (_best is null || failure.Evidence < _best.Evidence)
                _best = failure;
        }

        if (failure.Evidence is Evidence.Told)
            Conclude();
        else if (first)
            _ = Task.Delay(grace).ContinueWith(_ => Conclude(), TaskScheduler.Default);
    }

    private void Conclude()
    {
        lock (_lock)
            _reached.TrySetResult(_best!);      // only called after a report
    }
}
