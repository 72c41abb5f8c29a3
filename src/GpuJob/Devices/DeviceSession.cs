using System.Net;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Devices.Membership;
using LznPipeline.GpuJob.Devices.Transports;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Devices;

/// <summary>One rank's part in a group, from joining to leaving. The first failure anywhere ends it everywhere.</summary>
internal sealed class DeviceSession
{
    private const int MaxMessage = 2000;

    /// <summary>How long a rank that failed waits to hear whether another one failed first.</summary>
    private static readonly TimeSpan VerdictPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long the first rank waits for the others' farewells; the work is done by then.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(30);

    private readonly GroupLaunch _launch;
    private readonly Coordinator? _coordinator;
    private readonly Member _member;
    private IDeviceGroup? _group;

    private DeviceSession(GroupLaunch launch, Coordinator? coordinator, Member member) => (_launch, _coordinator, _member) = (launch, coordinator, member);

    private int Rank => _launch.Topology.Rank;

    /// <summary>Brings the ranks together, does this rank's work among them, and takes leave.</summary>
    /// <param name="job">Names everything that must be the same on all ranks.</param>
    /// <param name="briefing">What rank 0 says to all; the others' is not used.</param>
    /// <param name="work">
    /// Gets the group and rank 0's briefing. It runs on a thread of its own, and is abandoned when another rank fails: the process must end then.
    /// </param>
    /// <exception cref="GroupUnavailableException">The ranks could not come together.</exception>
    /// <exception cref="RankFailedException">Another rank failed.</exception>
    internal static async Task<T> RunAsync<T>(
        GroupLaunch launch, string job, string briefing, ILogger log, Func<IDeviceGroup, string, Task<T>> work, CancellationToken stop)
    {
        var topology = launch.Topology;
        if (topology.World == 1)
        {
            using var single = new SingleDevice(launch.Device);
            return await work(single, briefing);
        }

        await using var coordinator = topology.Rank == 0 ? Coordinator.Listen(topology, job, briefing, launch.Timeout, Rhythm.For(launch.Timeout)) : null;
        var port = coordinator?.Port ?? topology.MasterPort;
        await using var others = LocalRanks.Start(launch, port);
        try
        {
            return await WorkAsync(launch, coordinator, others, (job, port), log, work, stop);
        }
        catch (Exception failed) when (failed is not JobInterruptedException)
        {
            others.Abandon();
            throw;
        }
    }

    /// <param name="others">Processes of this node, already started.</param> <param name="meeting">The job's name, and where rank 0 listens.</param>
    private static async Task<T> WorkAsync<T>(
        GroupLaunch launch,
        Coordinator? coordinator,
        LocalRanks others,
        (string Job, int Port) meeting,
        ILogger log,
        Func<IDeviceGroup, string, Task<T>> work,
        CancellationToken stop)
    {
        var topology = launch.Topology;
        using var offers = TransportOffers.Open(launch.Transport, TransportList.For(launch.Device.type), topology.Rank, local: topology.Nodes == 1, log);
        var join = new Join(meeting.Job, topology.World, topology.Rank, Environment.MachineName, Environment.ProcessId, offers.Ports);
        await using var member = await ConnectAsync(topology.MasterAddress, meeting.Port, join, launch.Timeout, others, stop);
        others.ReportTo(member.ReportAsync);

        var session = new DeviceSession(launch, coordinator, member);
        return await session.GuardAsync(async () =>
        {
            var admitted = await member.AdmissionAsync(stop);
            log.Joined(topology.Rank, topology.World, Environment.MachineName, admitted.Transport);
            return await work(await session.ConnectAsync(offers, admitted, stop), admitted.Briefing);
        });
    }

    /// <summary>Connects with the coordinator, unless another process of this node fails first: then there may be no coordinator any more.</summary>
    private static async Task<Member> ConnectAsync(string host, int port, Join join, TimeSpan timeout, LocalRanks others, CancellationToken stop)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var connecting = Member.ConnectAsync(host, port, join, timeout, Rhythm.For(timeout), given.Token);
        if (await Task.WhenAny(connecting, others.FirstFailure) == connecting)
            return await connecting;
        await given.CancelAsync();
        throw new RankFailedException(await others.FirstFailure);
    }

    private async Task<IDeviceGroup> ConnectAsync(TransportOffers offers, Admitted admitted, CancellationToken stop)
    {
        var peers = new Peers(Rank, Array.ConvertAll(admitted.EndPoints, IPEndPoint.Parse), admitted.Secret) { Device = _launch.Device };
        _group = await offers.ConnectAsync(admitted.Transport, peers, _launch.Timeout, stop);
        _member.Operations = () => _group.Operations;
        return _group;
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        // A thread of its own: it computes for minutes without a pause, and may hang in native code when another rank is gone.
        var own = Task.Run(work);
        if (await Task.WhenAny(own, _member.Failed) != own)
            throw new RankFailedException(await _member.Failed);
        try
        {
            var result = await own;
            await LeaveAsync();
            return result;
        }
        catch (JobInterruptedException)
        {
            await LeaveAsync();     // all ranks agreed to stop
            throw;
        }
        catch (Exception failed) when (failed is not RankFailedException)
        {
            throw await CauseAsync(failed);
        }
    }

    private async Task LeaveAsync()
    {
        await _member.LeaveAsync();
        _group?.Dispose();
        if (_coordinator is not null)
            await Task.WhenAny(_coordinator.DrainAsync(), Task.Delay(FarewellPatience));
    }

    /// <summary>Tells the others of this rank's failure, and learns whether it was the first.</summary>
    private async Task<Exception> CauseAsync(Exception failed)
    {
        await _member.ReportAsync(OwnFailure(failed));
        await Task.WhenAny(_member.Failed, Task.Delay(VerdictPatience));
        return _member.Failed.IsCompletedSuccessfully && await _member.Failed is { } cause && (cause.Rank, cause.Evidence) != (Rank, Evidence.Told)
            ? new RankFailedException(cause)
            : failed;
    }

    private RankFailure OwnFailure(Exception failed)
    {
        var who = $"Rank {Rank} on {Environment.MachineName}";
        if (failed is PeerLostException || _group?.IsBroken == true)        // whatever failed after the group broke failed because of it
            return new RankFailure(Rank, Evidence.Consequence, ExitCode.TryAgain, $"{who}: {failed.Message}");
        var end = JobEnd.Of(failed);
        return new RankFailure(Rank, Evidence.Told, end.ExitCode, $"{who}: {end.Failure(MaxMessage)!.Message}");        // there is a cause
    }
}
