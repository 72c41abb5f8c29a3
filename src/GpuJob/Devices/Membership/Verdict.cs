namespace LznPipeline.GpuJob.Devices.Membership;

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
