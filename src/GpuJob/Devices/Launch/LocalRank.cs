using System.Diagnostics;
using System.Globalization;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Membership;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Devices.Launch;

/// <summary>Another process of this node, started by the first one and on its leash.</summary>
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
        var how = code > SignalBase ? $"was killed by signal {code - SignalBase}{(code == SignalBase + SigKill ? " (SIGKILL: by somebody, or by the system for want of memory)" : "")}" : $"ended with exit code {code}";
        var words = string.Join('\n', _lastWords);
        return new RankFailure(
            _rank, Evidence.Seen, code > SignalBase ? ExitCode.TryAgain : code, $"Rank {_rank} (process {_process.Id} on {Environment.MachineName}) {how}.{(words.Length > 0 ? $" Its last words:\n{words}" : "")}");
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
