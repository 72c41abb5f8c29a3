using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Devices.Membership;

/// <summary>Brings the ranks together, watches over them, and tells all when one has failed, and why. Lives in the process of rank 0.</summary>
/// <remarks>Anyone who reaches its port may ask to join, so the ports of a group belong on a network of its machines alone.</remarks>
internal sealed class Coordinator : IAsyncDisposable
{
    private static readonly TimeSpan GreetingPatience = TimeSpan.FromSeconds(10);

    private readonly Topology _topology;
    private readonly string _job;
    private readonly string _briefing;
    private readonly TimeSpan _timeout;
    private readonly Rhythm _rhythm;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Seat> _seats = [];
    private readonly List<string> _refusals = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Verdict _verdict;
    private readonly Task _announcement;
    private readonly Task _work;

    private Coordinator(Topology topology, string job, string briefing, TimeSpan timeout, Rhythm rhythm, TcpListener listener)
    {
        (_topology, _job, _briefing, _timeout, _rhythm, _listener) = (topology, job, briefing, timeout, rhythm, listener);
        _verdict = new Verdict(rhythm.Grace);
        _announcement = AnnounceAsync();
        _work = Task.WhenAll(AcceptAsync(), AdmitAsync(), WatchAsync(), _announcement);
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <param name="job">See <see cref="Join"/>.</param>
    /// <param name="briefing">Handed to every rank.</param>
    /// <param name="timeout">How long to wait for all ranks to join.</param>
    /// <exception cref="GroupUnavailableException">The port is taken.</exception>
    internal static Coordinator Listen(Topology topology, string job, string briefing, TimeSpan timeout, Rhythm rhythm)
    {
        var listener = topology.Nodes == 1 ? new TcpListener(IPAddress.Loopback, topology.MasterPort) : TcpListener.Create(topology.MasterPort);
        try
        {
            listener.Start();
        }
        catch (SocketException taken)
        {
            listener.Dispose();
            throw new GroupUnavailableException(
                $"Port {topology.MasterPort} of this machine cannot be used: {taken.Message}. Set {Topology.PortSetting} to a free one, the same on all nodes.",
                taken);
        }

        return new Coordinator(topology, job, briefing, timeout, rhythm, listener);
    }

    /// <summary>Waits until every rank has left, or the group has failed.</summary>
    internal Task DrainAsync() => Task.WhenAny(_empty.Task, _verdict.Reached);

    public async ValueTask DisposeAsync()
    {
        if (_verdict.Reached.IsCompleted)
            await _announcement;
        await _ended.CancelAsync();
        _listener.Dispose();
        await _work;
        foreach (var seat in Seats())
            seat.Wire.Dispose();
        _ended.Dispose();
    }

    private List<Seat> Seats()
    {
        lock (_lock)
            return [.. _seats.Values];
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(new Wire(await _listener.AcceptSocketAsync(_ended.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the group's work is over
        }
    }

    private async Task ServeAsync(Wire wire)
    {
        if (await SeatedAsync(wire) is not { } seat)
        {
            wire.Dispose();
            return;
        }

        if (_verdict.Reached.IsCompleted)
            await TellAsync([seat], new Failed(Explained(await _verdict.Reached)), CancellationToken.None);     // it came after the announcement
        while (await wire.ReceiveAsync(CancellationToken.None) is { } message)
        {
            seat.Heard(message);
            if (message is Failed failed)
                _verdict.Report(failed.Failure);
            if (message is Left && _complete.Task.IsCompleted && Seats().TrueForAll(each => each.HasLeft))
                _empty.TrySetResult();
        }

        if (!seat.HasLeft)
            _verdict.Report(new RankFailure(seat.Join.Rank, Evidence.Missed, ExitCode.TryAgain, $"{seat} ended without a word."));
    }

    /// <summary>Gives a rank its place.</summary>
    /// <returns>Null for strangers and for ranks that do not fit.</returns>
    private async Task<Seat?> SeatedAsync(Wire wire)
    {
        if (await FirstWordAsync(wire) is not Join join)
            return null;
        var seat = new Seat(join, wire);
        if (Objection(seat) is not { } reason)
            return seat;
        try
        {
            await wire.SendAsync(new Refused(reason), _ended.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // it will find out
        }

        return null;
    }

    private async Task<Message?> FirstWordAsync(Wire wire)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        deadline.CancelAfter(GreetingPatience);
        try
        {
            return await wire.ReceiveAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>
    /// Seats the rank, or says why it does not fit. One of another job disturbs nobody;
    /// one of ours with other settings would be missed for ever, so it ends the group.
    /// </summary>
    private string? Objection(Seat seat)
    {
        var join = seat.Join;
        lock (_lock)
        {
            if (join.Job != _job)
            {
                var stranger = $"{seat} runs another job, or another version of the program: it says {join.Job}, rank 0 says {_job}.";
                _refusals.Add(stranger);
                return stranger;
            }

            string? reason = null;
            if (join.World != _topology.World)
                reason =
                    $"{seat} counts {join.World} ranks in all, rank 0 counts {_topology.World}. Set {Topology.NodesSetting} and --devices alike on all nodes.";
            else if (join.Rank < 0 || join.Rank >= join.World)
                reason = $"{seat} is none of the ranks 0 to {join.World - 1}.";
            else if (!_seats.TryAdd(join.Rank, seat))
                reason = $"{seat} comes second: {_seats[join.Rank]} has joined already. Each node needs a {Topology.NodeRankSetting} of its own.";
            if (reason is not null)
                _verdict.Report(new RankFailure(join.Rank, Evidence.Told, ExitCode.JobIsWrong, reason));
            else if (_seats.Count == _topology.World)
                _complete.TrySetResult();
            return reason;
        }
    }

    private async Task AdmitAsync()
    {
        try
        {
            await _complete.Task.WaitAsync(_ended.Token);
            var admitted = Admission();
            foreach (var seat in Seats())
                await seat.Wire.SendAsync(admitted, _ended.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // whoever is gone will be missed
        }
    }

    private Admitted Admission()
    {
        var seats = Seats().OrderBy(seat => seat.Join.Rank).ToList();
        var transport = seats[0].Join.Ports.First(offer => seats.TrueForAll(seat => Offers(seat, offer.Key)));      // sockets are offered by all
        var here = seats.Find(seat => !IsHere(seat.Wire))?.Wire.LocalAddress ?? IPAddress.Loopback;
        var ends = seats.ConvertAll(seat =>
            new IPEndPoint(IsHere(seat.Wire) ? here : seat.Wire.RemoteAddress, seat.Join.Ports.First(offer => offer.Key == transport.Key).Value).ToString());
        return new Admitted(transport.Key, [.. ends], Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), _briefing);

        static bool Offers(Seat seat, string name) => Array.Exists(seat.Join.Ports, offer => offer.Key == name);

        // Ranks of this machine have reached us by whatever name it has for itself; the others must be told the address by which they reach it.
        static bool IsHere(Wire wire) => IPAddress.IsLoopback(wire.RemoteAddress) || wire.RemoteAddress.Equals(wire.LocalAddress);
    }

    private async Task WatchAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(_rhythm.Heartbeat);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                var seats = Seats();
                if (!_complete.Task.IsCompleted && TimeProvider.System.GetElapsedTime(began) > _timeout)
                    _verdict.Report(Absent(seats));
                foreach (var silent in seats.Where(seat => !seat.HasLeft && seat.Silence > _rhythm.LongestSilence))
                    _verdict.Report(new RankFailure(
                        silent.Join.Rank,
                        Evidence.Missed,
                        ExitCode.TryAgain,
                        $"{silent} has been silent for {silent.Silence.TotalSeconds:0} s: it hangs, or its machine is gone."));
                await TellAsync(seats, new Heartbeat(0), _ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // the group's work is over
        }
    }

    private RankFailure Absent(List<Seat> seats)
    {
        var missing = Enumerable.Range(0, _topology.World).Except(seats.Select(seat => seat.Join.Rank)).ToList();
        var refused = _refusals.Count == 0 ? "" : $" Turned away: {string.Join(' ', _refusals)}";
        var message = $"Of {_topology.World} ranks, {string.Join(", ", missing)} did not come within {_timeout.TotalSeconds:0} s. "
            + $"Each of the {_topology.Nodes} nodes must start the job with the same {Topology.AddressSetting} and {Topology.PortSetting}, "
            + $"and a {Topology.NodeRankSetting} of its own.{refused}";
        return new RankFailure(missing[0], Evidence.Told, ExitCode.TryAgain, message);
    }

    private async Task AnnounceAsync()
    {
        try
        {
            var cause = await _verdict.Reached.WaitAsync(_ended.Token);
            using var deadline = new CancellationTokenSource(GreetingPatience);
            await TellAsync(Seats(), new Failed(Explained(cause)), deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // nothing failed, or somebody does not listen any more
        }
    }

    /// <summary>When all that is known is that ranks wait for each other, the one that lags behind is the one that hangs.</summary>
    private RankFailure Explained(RankFailure cause)
    {
        var seats = Seats();
        if (cause.Evidence is not Evidence.Consequence || seats.Max(seat => seat.Operations) is var most && seats.TrueForAll(seat => seat.Operations == most))
            return cause;
        var last = seats.MinBy(seat => seat.Operations)!;       // there are some, of unequal progress
        return cause with
        {
            Rank = last.Join.Rank,
            Message = $"{last} seems to hang: it has begun {last.Operations} exchanges, others {most}. {cause.Message}"
        };
    }

    private static async Task TellAsync(List<Seat> seats, Message message, CancellationToken stop)
    {
        foreach (var seat in seats.Where(seat => !seat.HasLeft))
        {
            try
            {
                await seat.Wire.SendAsync(message, stop);
            }
            catch (IOException)
            {
                // its end is noticed where its messages are read
            }
        }
    }
}

/// <summary>A rank as the coordinator sees it.</summary>
internal sealed class Seat(Join join, Wire wire)
{
    private long _heard = TimeProvider.System.GetTimestamp();
    private long _operations;
    private volatile bool _left;

    internal Join Join => join;

    internal Wire Wire => wire;

    internal TimeSpan Silence => TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _heard));

    internal long Operations => Interlocked.Read(ref _operations);

    internal bool HasLeft => _left;

    internal void Heard(Message message)
    {
        Interlocked.Exchange(ref _heard, TimeProvider.System.GetTimestamp());
        if (message is Heartbeat beat)
            Interlocked.Exchange(ref _operations, beat.Operations);
        if (message is Left)
            _left = true;
    }

    /// <summary>"Rank 3 (process 77 on host)".</summary>
    public override string ToString() => $"Rank {join.Rank} (process {join.ProcessId} on {join.Host})";
}
