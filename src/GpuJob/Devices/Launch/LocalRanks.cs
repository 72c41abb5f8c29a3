using System.Diagnostics;
using System.Globalization;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Membership;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Devices.Launch;

/// <summary>The other processes of a node, in the hands of the first.</summary>
internal sealed class LocalRanks : IAsyncDisposable
{
    /// <summary>
    /// How long they may take to end after a failure: they have only to say so, and one that hangs or still looks for the group would never end.
    /// </summary>
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

/// <summary>Another process of this node, started by the first one and ended with it.</summary>
internal sealed class LocalRank : IAsyncDisposable
{
    private const string ThreadsSetting = "OMP_NUM_THREADS";
    private const int LastWordsLines = 12;
    private const int SignalBase = 128;
    private const int SigKill = 9;

    private readonly Process _process;
    private readonly int _rank;
    private readonly TextWriter _console;
    private readonly Queue<string> _lastWords = [];
    private readonly Task _output;

    private LocalRank(Process process, int rank, TextWriter console)
    {
        (_process, _rank, _console) = (process, rank, console);
        _output = Task.WhenAll(PumpAsync(process.StandardOutput), PumpAsync(process.StandardError));
        Ended = EndAsync();
    }

    /// <summary>Completes when the process has ended: null if in order, else what is seen of its failure.</summary>
    internal Task<RankFailure?> Ended { get; }

    /// <summary>How long the process may take to end once its work is over.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <param name="port">Where rank 0 listens, if that is on this node alone.</param>
    internal static LocalRank Start(GroupLaunch launch, int localRank, int port)
    {
        var topology = launch.Topology;
        var start = Program([.. launch.Arguments, "--devices", Text(topology.Devices), "--local-rank", Text(localRank)]);
        start.UseShellExecute = false;
        if (Environment.GetEnvironmentVariable(ThreadsSetting) is null)
            start.Environment[ThreadsSetting] = Text(Math.Max(1, Environment.ProcessorCount / topology.Devices));
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        if (topology.Nodes == 1)
            (start.Environment[Topology.AddressSetting], start.Environment[Topology.PortSetting]) = (topology.MasterAddress, Text(port));
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        return new LocalRank(process, topology.NodeRank * topology.Devices + localRank, launch.Console);
    }

    /// <summary>Waits for the end, and brings it about if it does not come.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Ended.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await Ended;
        }

        _process.Dispose();
    }

    /// <summary>This same program, whether it runs by itself or by the <c>dotnet</c> command.</summary>
    private static ProcessStartInfo Program(IEnumerable<string> arguments)
    {
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not tell which program this is.");
        return Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? new ProcessStartInfo(host, ["exec", typeof(LocalRank).Assembly.Location, .. arguments])
            : new ProcessStartInfo(host, arguments);
    }

    private async Task<RankFailure?> EndAsync()
    {
        await _process.WaitForExitAsync();
        await _output;
        var code = _process.ExitCode;
        if (code is ExitCode.Done or ExitCode.Interrupted)
            return null;
        var how = code > SignalBase
            ? $"was killed by signal {code - SignalBase}{(code == SignalBase + SigKill ? " (SIGKILL: by somebody, or by the system for want of memory)" : "")}"
            : $"ended with exit code {code}";
        var words = string.Join('\n', _lastWords);
        return new RankFailure(
            _rank,
            Evidence.Seen,
            code > SignalBase ? ExitCode.TryAgain : code,
            $"Rank {_rank} (process {_process.Id} on {Environment.MachineName}) {how}.{(words.Length > 0 ? $" Its last words:\n{words}" : "")}");
    }

    private async Task PumpAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_lastWords)
            {
                _lastWords.Enqueue(line);
                if (_lastWords.Count > LastWordsLines)
                    _lastWords.Dequeue();
            }

            await _console.WriteLineAsync($"[rank {_rank}] {line}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// Ties this process to the one that started it: when the pipe on its standard input closes, which it does even when its other end is killed, it is killed too.
/// </summary>
internal static class ParentWatchdog
{
    internal static void Start() => new Thread(Run) { IsBackground = true, Name = "parent watchdog" }.Start();

    private static void Run()
    {
        using var pipe = Console.OpenStandardInput();
        var buffer = new byte[64];
        while (pipe.Read(buffer) > 0)
        {
            // nobody writes to it
        }

        // There is nothing to save: that is the work of rank 0. An orderly end could hang in native code that waits for the other ranks.
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
