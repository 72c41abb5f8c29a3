using System.Net.Sockets;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Devices.Membership;

/// <summary>A rank's line to the coordinator.</summary>
internal sealed class Member : IAsyncDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);

    private readonly Wire _wire;
    private readonly int _rank;
    private readonly string _coordinator;
    private readonly Rhythm _rhythm;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<Admitted> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<RankFailure> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _introduced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _work;
    private bool _isDisposed;
    private long _heard = TimeProvider.System.GetTimestamp();

    private Member(Wire wire, Join join, string coordinator, Rhythm rhythm)
    {
        (_wire, _rank, _coordinator, _rhythm) = (wire, join.Rank, coordinator, rhythm);
        _work = Task.WhenAll(ListenAsync(), SpeakAsync(join));
    }

    /// <summary>Completes when the group has failed, with the cause.</summary>
    internal Task<RankFailure> Failed => _failed.Task;

    /// <summary>Tells the coordinator how far this rank is.</summary>
    internal Func<long> Operations { get; set; } = () => 0;

    /// <summary>Connects, trying again until the time is up, and asks to join.</summary>
    /// <exception cref="GroupUnavailableException">Nobody answered in time.</exception>
    internal static async Task<Member> ConnectAsync(string host, int port, Join join, TimeSpan timeout, Rhythm rhythm, CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
                deadline.CancelAfter(timeout);
                return new Member(new Wire(await OpenAsync(host, port, deadline.Token)), join, $"{host}:{port}", rhythm);
            }
            catch (Exception failed) when (failed is SocketException || failed is OperationCanceledException && !stop.IsCancellationRequested)
            {
                if (TimeProvider.System.GetElapsedTime(began) + RetryEvery > timeout)
                    throw new GroupUnavailableException(
                        $"Rank 0 did not answer at {host}:{port} within {timeout.TotalSeconds:0} s ({failed.Message}). "
                        + $"{Topology.AddressSetting} and {Topology.PortSetting} must name the machine with {Topology.NodeRankSetting} 0 "
                        + "and a port that this machine can reach, and the job must run there.",
                        failed);
            }

            await Task.Delay(RetryEvery, stop);
        }
    }

    /// <summary>Waits until all ranks have joined.</summary>
    /// <exception cref="RankFailedException">This rank does not fit into the group, or the group failed before it was complete.</exception>
    internal async Task<Admitted> AdmissionAsync(CancellationToken stop)
    {
        await Task.WhenAny(_admitted.Task, Failed).WaitAsync(stop);
        return Failed.IsCompleted ? throw new RankFailedException(await Failed) : await _admitted.Task;
    }

    /// <summary>Says what this rank knows of a failure; <see cref="Failed"/> then tells the cause.</summary>
    internal async Task ReportAsync(RankFailure failure)
    {
        await _introduced.Task;
        try
        {
            await _wire.SendAsync(new Heartbeat(Operations()), _ended.Token);
            await _wire.SendAsync(new Failed(failure), _ended.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // the listener knows
        }
    }

    /// <summary>Says that this rank needs the group no longer.</summary>
    internal async Task LeaveAsync()
    {
        try
        {
            await _wire.SendAsync(new Left(), _ended.Token);
        }
        catch (IOException)
        {
            // gone already
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _ended.CancelAsync();
        _wire.Dispose();
        await _work;
        _ended.Dispose();
    }

    /// <remarks>
    /// Where nobody listens on a port of this machine yet, the system may give the connection that very port at this end, and so join it with itself.
    /// </remarks>
    private static async Task<Socket> OpenAsync(string host, int port, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, stop);
            return Equals(socket.LocalEndPoint, socket.RemoteEndPoint) ? throw new SocketException((int)SocketError.ConnectionRefused) : socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ListenAsync()
    {
        while (await _wire.ReceiveAsync(CancellationToken.None) is { } message)
        {
            Interlocked.Exchange(ref _heard, TimeProvider.System.GetTimestamp());
            switch (message)
            {
                case Admitted admitted: _admitted.TrySetResult(admitted); break;
                case Refused refused: _failed.TrySetResult(new RankFailure(_rank, Evidence.Told, ExitCode.JobIsWrong, refused.Reason)); break;
                case Failed failed: _failed.TrySetResult(failed.Failure); break;
            }
        }

        Lose("is gone: its process ended, or the connection broke");
    }

    /// <summary>Introduces itself first; then says from time to time that it lives, and how far it is.</summary>
    private async Task SpeakAsync(Join join)
    {
        using var timer = new PeriodicTimer(_rhythm.Heartbeat);
        try
        {
            await _wire.SendAsync(join, _ended.Token);
            _introduced.SetResult();
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                await _wire.SendAsync(new Heartbeat(Operations()), _ended.Token);
                if (TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _heard)) is var silence && silence > _rhythm.LongestSilence)
                    Lose($"has been silent for {silence.TotalSeconds:0} s");
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            // this rank has left, or the listener notices
            _introduced.TrySetResult();
        }
    }

    private void Lose(string how) => _failed.TrySetResult(new RankFailure(0, Evidence.Missed, ExitCode.TryAgain, $"Rank 0 at {_coordinator} {how}."));
}
