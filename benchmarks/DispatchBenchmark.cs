using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using TorchSharp;

namespace LznPipeline.Benchmarks;

/// <summary>What a call into libtorch costs from C# and from Python, and that a large product costs the same from both.</summary>
internal sealed class DispatchBenchmark : IBenchmark
{
    private const string Interpreter = "/usr/bin/python3"; // Debian's, for which python3-torch is built on the system's own libtorch

    public string Name => "dispatch";

    public string Summary => "Microseconds per small tensor operation, and a 1024 x 1024 matrix product, against Debian's python3-torch.";

    public async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var peer = await PeerAsync(stop).ConfigureAwait(false);
        foreach (var (name, unit, measure) in Cases())
        {
            stop.ThrowIfCancellationRequested();
            var value = measure();
            yield return peer is { } p ? new Measure(name, value, unit, p.Name, p.Results[name]) : new Measure(name, value, unit);
        }
    }

    private static IEnumerable<(string Name, string Unit, Func<double> Measure)> Cases()
    {
        torch.manual_seed(0);
        var (a, b) = (torch.randn(4), torch.randn(4));
        var recorded = torch.randn(4, requires_grad: true);
        var (x, y) = (torch.randn(1024, 1024), torch.randn(1024, 1024));
        Scalar alpha = 1e-9;

        yield return ("add", "us", () => Unrecorded(() => a + b));
        yield return ("add_", "us", () => Unrecorded(() => a.add_(b, alpha)));
        yield return ("view", "us", () => Unrecorded(() => a.view(2, 2)));
        yield return ("sum", "us", () => Unrecorded(() => a.sum()));
        yield return ("add, recorded", "us", () => Microseconds(() => recorded + b));
        yield return ("matmul 1024", "ms", () => Unrecorded(() => x.mm(y), warmup: 2, calls: 3, rounds: 5) / 1e3);
    }

    private static double Unrecorded(Func<torch.Tensor> call, int warmup = 20_000, int calls = 20_000, int rounds = 7)
    {
        using var guard = torch.no_grad();
        return Microseconds(call, warmup, calls, rounds);
    }

    /// <summary>The best round: the others measure what else the machine does. Each round is one dispose scope, as a training step is.</summary>
    private static double Microseconds(Func<torch.Tensor> call, int warmup = 20_000, int calls = 20_000, int rounds = 7)
    {
        Round(call, warmup);
        return Enumerable.Range(0, rounds).Min(_ => Round(call, calls)) / calls;
    }

    private static double Round(Func<torch.Tensor> call, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i += 100)
        {
            using var scope = torch.NewDisposeScope();
            for (var j = i; j < Math.Min(i + 100, calls); j++) call();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    /// <summary>The peer's figures; null where Debian's Python has no torch (apt-get install python3-torch).</summary>
    private static async Task<(string Name, Dictionary<string, double> Results)?> PeerAsync(CancellationToken stop)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "peers", "dispatch.py");
        using var process = Process.Start(new ProcessStartInfo(Interpreter, [script]) { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException($"{Interpreter} did not start.");
        var output = await process.StandardOutput.ReadToEndAsync(stop).ConfigureAwait(false);
        await process.WaitForExitAsync(stop).ConfigureAwait(false);
        if (process.ExitCode != 0) return null;
        using var document = JsonDocument.Parse(output);
        var results = document.RootElement.GetProperty("results").EnumerateObject().ToDictionary(r => r.Name, r => r.Value.GetDouble());
        return ($"Python, torch {document.RootElement.GetProperty("version").GetString()}", results);
    }
}
