using System.Diagnostics;
using LznPipeline.Watchdog;
using LznPipeline.Testing;

namespace LznPipeline.Cli.Tests.Hosting;

public sealed class WatchedProcessTests
{
    private static readonly Dictionary<string, string?> NoEnvironment = [];

    [Fact]
    public async Task Start_ProgramThatEnds_GivesItsOutputAndExitCode()
    {
        await using var process = await WatchedProcess.StartAsync(
            "bash", ["-c", "echo $GREETING; exit 7"], "/", new Dictionary<string, string?> { ["GREETING"] = "hello" }, default);

        var exit = await process.WaitAsync(default);

        Assert.Equal(7, exit);
        Assert.Equal(["hello"], await process.Lines.ReadAllAsync().ToListAsync());
    }

    [Fact]
    public async Task Stop_ProgramWithATermHandler_LetsItFinish()
    {
        await using var process = await WatchedProcess.StartAsync(
            "bash", ["-c", "trap 'echo saved; exit 143' TERM; echo ready; while true; do read -t 1 < <(:); done"], "/", NoEnvironment, default);
        Assert.Equal("ready", await process.Lines.ReadAsync());

        Assert.Equal(143, await process.StopAsync());
        Assert.Equal("saved", await process.Lines.ReadAsync());
    }

    [Fact]
    public async Task Start_StarterIsKilled_ProgramEndsToo()
    {
        var watchdog = Path.Combine(AppContext.BaseDirectory, "watchdog.sh");
        // The starter holds the only other end of the pipe, as this process does in WatchedProcess.
        var start = new ProcessStartInfo("bash", ["-c", $"exec 4> >(exec bash '{watchdog}' sleep 600); sleep 600"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true
        };
        using var starter = Process.Start(start)!;      // bash is there: other tests use it
        var program = int.Parse((await starter.StandardOutput.ReadLineAsync())!, provider: null);
        Assert.True(Directory.Exists($"/proc/{program}"));

        var sleeping = Children(starter.Id).ToList();       // a child of the starter that would hold the pipe open as well
        starter.Kill(entireProcessTree: false);
        sleeping.ForEach(child => child.Kill());

        await Eventually.Becomes(() => Directory.Exists($"/proc/{program}"), alive => !alive);
    }

    [Fact]
    public async Task Start_UnknownProgram_EndsWithTheShellsCode()
    {
        await using var process = await WatchedProcess.StartAsync("no-such-program", [], "/", NoEnvironment, default);

        Assert.Equal(127, await process.WaitAsync(default));
        Assert.Contains("no-such-program", Assert.Single(await process.Lines.ReadAllAsync().ToListAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_ProgramLeavesAChildThatHoldsItsOutput_EndsAllTheSame()
    {
        await using var process = await WatchedProcess.StartAsync("bash", ["-c", "sleep 600 & echo $!; exit 3"], "/", NoEnvironment, default);

        var exit = await process.WaitAsync(default);

        Assert.Equal(3, exit);
        var child = int.Parse(Assert.Single(await process.Lines.ReadAllAsync().ToListAsync()), provider: null);
        using var left = Process.GetProcessById(child);
        left.Kill();
    }

    private static IEnumerable<Process> Children(int parent) =>
        File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => Process.GetProcessById(int.Parse(id, provider: null))).Where(child => child.ProcessName == "sleep");
}
