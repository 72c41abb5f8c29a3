using System.Net;
using System.Net.Sockets;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Membership;
using LznPipeline.Shared.Jobs;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>A coordinator and its members in one process, over real sockets.</summary>
public sealed class MembershipTests : IAsyncLifetime
{
    private const string Job = "run/train:0123";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);
    private static readonly Rhythm Quick = new(
        Heartbeat: TimeSpan.FromMilliseconds(50), LongestSilence: TimeSpan.FromMinutes(2), Grace: TimeSpan.FromMilliseconds(500));

    private readonly List<Member> _members = [];
    private Coordinator? _coordinator;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var member in _members)
            await member.DisposeAsync();
        if (_coordinator is not null)
            await _coordinator.DisposeAsync();
    }

    [Fact]
    public async Task Join_AllRanks_LearnWhereTheOthersAreAndWhatRank0Says()
    {
        Listen(world: 3);

        var admitted = await Task.WhenAll(JoinAsync(0, 3), JoinAsync(1, 3), JoinAsync(2, 3));

        Assert.All(admitted, each => Assert.Equal(["127.0.0.1:1000", "127.0.0.1:1001", "127.0.0.1:1002"], each.EndPoints));
        Assert.All(admitted, each => Assert.Equal((admitted[0].Secret, "the briefing"), (each.Secret, each.Briefing)));
    }

    [Fact]
    public async Task Join_NotAllHaveTheBestTransport_TakesTheBestThatAllHave()
    {
        Listen(world: 2);

        var admitted = await Task.WhenAll(JoinAsync(0, 2, "fast", "good", "plain"), JoinAsync(1, 2, "good", "plain"));

        Assert.All(admitted, each => Assert.Equal("good", each.Transport));
    }

    [Fact]
    public async Task Join_AnotherWorldSize_EndsTheGroupAndSaysBothNumbers()
    {
        Listen(world: 2);
        var first = JoinAsync(0, 2);

        var refused = await Assert.ThrowsAsync<RankFailedException>(() => JoinAsync(1, 4));

        Assert.Matches("counts 4 ranks in all, rank 0 counts 2.*WORLD_SIZE", refused.Message);
        var failed = await Assert.ThrowsAsync<RankFailedException>(() => first);
        Assert.Equal((refused.Message, ExitCode.JobIsWrong), (failed.Message, failed.Failure.ExitCode));
    }

    [Fact]
    public async Task Join_AfterAnotherEndedTheGroup_LearnsWhy()
    {
        Listen(world: 2);
        var refused = await Assert.ThrowsAsync<RankFailedException>(() => JoinAsync(1, 4));

        var late = await Assert.ThrowsAsync<RankFailedException>(() => JoinAsync(0, 2).WaitAsync(Patience));

        Assert.Equal(refused.Message, late.Message);
    }

    [Fact]
    public async Task Join_ARankTwice_EndsTheGroup()
    {
        Listen(world: 3);
        var first = JoinAsync(0, 3);
        var second = JoinAsync(1, 3);

        var third = await Record.ExceptionAsync(() => JoinAsync(1, 3));

        var ends = new[] { third, await Record.ExceptionAsync(() => second), await Record.ExceptionAsync(() => first) };
        Assert.All(ends, end => Assert.Contains("NODE_RANK of its own", Assert.IsType<RankFailedException>(end).Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Join_AnotherJob_IsTurnedAwayAndTheGroupGoesOn()
    {
        Listen(world: 2);
        var first = JoinAsync(0, 2);

        var refused = await Assert.ThrowsAsync<RankFailedException>(() => JoinAsync(1, 2, job: "run/train:other"));
        await Task.WhenAll(first, JoinAsync(1, 2));

        Assert.Contains("another job", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Join_NotAllCome_NamesTheMissingRanks()
    {
        Listen(world: 4, timeout: TimeSpan.FromSeconds(5));

        var failed = await Assert.ThrowsAsync<RankFailedException>(() => Task.WhenAll(JoinAsync(0, 4), JoinAsync(2, 4)));

        Assert.StartsWith("Of 4 ranks, 1, 3 did not come within", failed.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.TryAgain, failed.Failure.ExitCode);
    }

    [Fact]
    public async Task Join_StrangersTalk_AreIgnored()
    {
        var coordinator = Listen(world: 2);
        using var stranger = new TcpClient("127.0.0.1", coordinator.Port);
        await stranger.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        using var silent = new TcpClient("127.0.0.1", coordinator.Port);

        await Task.WhenAll(JoinAsync(0, 2), JoinAsync(1, 2));
    }

    [Fact]
    public async Task Connect_NobodyListens_SaysWhereAndWhatToCheck()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();        // free again, and nobody else's

        var failed = await Assert.ThrowsAsync<GroupUnavailableException>(
            () => Member.ConnectAsync("127.0.0.1", port, Joining(1, 2, Job, null), Soon, Quick, default));

        Assert.Matches($"127.0.0.1:{port} within .*MASTER_ADDR and MASTER_PORT", failed.Message);
    }

    [Fact]
    public async Task Listen_PortTaken_SaysSo()
    {
        var port = Listen(world: 2).Port;

        var failed = Assert.Throws<GroupUnavailableException>(() => Coordinator.Listen(new() { Devices = 2, MasterPort = port }, Job, "", Patience, Quick));

        Assert.Contains($"Port {port}", failed.Message, StringComparison.Ordinal);
        await Task.WhenAll(JoinAsync(0, 2), JoinAsync(1, 2));
    }

    [Fact]
    public async Task Report_SeveralFailures_TheMostTellingIsTheCauseForAll()
    {
        await StartAsync(3, Quick with { Grace = Patience });      // what a rank tells of itself is not waited for longer

        await _members[0].ReportAsync(new RankFailure(0, Evidence.Consequence, ExitCode.TryAgain, "rank 0 lost its neighbours"));
        await _members[1].ReportAsync(new RankFailure(1, Evidence.Told, ExitCode.Bug, "rank 1: out of memory"));

        var causes = await Task.WhenAll(_members.Select(member => member.Failed.WaitAsync(Patience)));
        Assert.All(causes, cause => Assert.Equal((1, ExitCode.Bug, "rank 1: out of memory"), (cause.Rank, cause.ExitCode, cause.Message)));
    }

    [Fact]
    public async Task Report_RanksWaitForEachOther_TheOneBehindIsNamed()
    {
        await StartAsync(3, Quick with { Grace = TimeSpan.FromSeconds(5) });
        var said = new int[3];
        foreach (var (rank, member) in _members.Index())
            member.Operations = () => Interlocked.Increment(ref said[rank]) > 0 && rank == 2 ? 10 : 12;
        await Eventually.Becomes(() => said.Min(), times => times > 1);       // each has said it once, when it is asked the second time

        await _members[0].ReportAsync(new RankFailure(0, Evidence.Consequence, ExitCode.TryAgain, "rank 0 waited in vain"));

        var cause = await _members[1].Failed.WaitAsync(Patience);
        Assert.Equal(2, cause.Rank);
        Assert.Matches("^Rank 2 .*seems to hang: it has begun [0-9]+ exchanges, others 12. rank 0 waited in vain", cause.Message);
    }

    [Fact]
    public async Task Member_GoneWithoutAWord_IsMissedByAll()
    {
        await StartAsync(3);

        await _members[1].DisposeAsync();

        var causes = await Task.WhenAll(_members[0].Failed.WaitAsync(Patience), _members[2].Failed.WaitAsync(Patience));
        Assert.All(causes, cause => Assert.Equal((1, Evidence.Missed), (cause.Rank, cause.Evidence)));
    }

    [Fact]
    public async Task Member_SilentForTooLong_IsMissed()
    {
        Listen(world: 2, rhythm: Quick with { LongestSilence = TimeSpan.FromSeconds(5) });
        using var mute = new TcpClient("127.0.0.1", _coordinator!.Port);      // joins as a rank does, but gives no sign of life
        using var wire = new Wire(mute.Client);
        await wire.SendAsync(Joining(1, 2, Job, ["plain"]), default);
        await JoinAsync(0, 2);

        var cause = await _members[0].Failed.WaitAsync(Patience);

        Assert.Equal((1, Evidence.Missed), (cause.Rank, cause.Evidence));
        Assert.Contains("silent", cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Member_Left_IsNotMissed()
    {
        await StartAsync(2);

        await _members[1].LeaveAsync();
        await _members[1].DisposeAsync();

        // Were it missed, that would be the more telling report.
        await _members[0].ReportAsync(new RankFailure(0, Evidence.Consequence, ExitCode.TryAgain, "rank 0 alone"));
        Assert.Equal(0, (await _members[0].Failed.WaitAsync(Patience)).Rank);
    }

    [Fact]
    public async Task Drain_EndsWhenAllHaveLeft()
    {
        await StartAsync(2);
        var drained = _coordinator!.DrainAsync();

        await _members[0].LeaveAsync();
        Assert.False(drained.IsCompleted);
        await _members[1].LeaveAsync();

        await drained.WaitAsync(Patience);
    }

    [Fact]
    public async Task Coordinator_Gone_IsNoticedByAll()
    {
        await StartAsync(3);

        await _coordinator!.DisposeAsync();
        _coordinator = null;

        var causes = await Task.WhenAll(_members.Select(member => member.Failed.WaitAsync(Patience)));
        Assert.All(causes, cause => Assert.Matches("^Rank 0 at 127.0.0.1:[0-9]+ is gone", cause.Message));
    }

    private Coordinator Listen(int world, TimeSpan? timeout = null, Rhythm? rhythm = null) =>
        _coordinator = Coordinator.Listen(new Topology { Devices = world }, Job, "the briefing", timeout ?? Patience, rhythm ?? Quick);

    private async Task StartAsync(int world, Rhythm? rhythm = null)
    {
        Listen(world, rhythm: rhythm);
        await Task.WhenAll(Enumerable.Range(0, world).Select(rank => JoinAsync(rank, world)));
        _members.Sort((a, b) => _ranks[a].CompareTo(_ranks[b]));
    }

    private readonly Dictionary<Member, int> _ranks = [];

    private Task<Admitted> JoinAsync(int rank, int world, params string[] transports) => JoinAsync(rank, world, Job, transports);

    private async Task<Admitted> JoinAsync(int rank, int world, string job, string[]? transports = null)
    {
        var member = await Member.ConnectAsync("127.0.0.1", _coordinator!.Port, Joining(rank, world, job, transports), Patience, Quick, default);
        lock (_members)
        {
            _members.Add(member);
            _ranks.Add(member, rank);
        }

        return await member.AdmissionAsync(default);
    }

    private static Join Joining(int rank, int world, string job, string[]? transports) =>
        new(job, world, rank, "host", 77, [.. (transports is { Length: > 0 } ? transports : ["plain"]).Select(name => KeyValuePair.Create(name, 1000 + rank))]);
}
