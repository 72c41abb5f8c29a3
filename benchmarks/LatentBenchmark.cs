using System.Diagnostics;
using System.Runtime.CompilerServices;
using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.Benchmarks;

/// <summary>
/// The latent flow of a batch, forward and backward, in turn with the published formulation in Python; then how time and memory of ours grow with the batch.
/// </summary>
internal sealed class LatentBenchmark : IBenchmark
{
    private const int Dimension = 256;
    private const int Steps = 20;

    /// <summary>Passes of ours in a turn: one of the peer's takes a hundred times as long, and a moment's disturbance shall not decide.</summary>
    private const int PassesPerTurn = 5;

    public string Name => "latent";

    public string Summary =>
        $"Forward and backward of the latent flow, d = {Dimension}, {Steps} Euler steps: against the published form in Debian's python3-torch, and growth.";

    public async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        NativeThreads.Settle();             // both as the training program does
        NativeMemory.KeepFreed();
        using (var peer = await PythonPeer.StartAsync("latent.py", stop))
        {
            foreach (var (batch, turns) in new[] { (128, 5), (256, 3), (512, 3) })
                yield return Against(peer, batch, turns);
        }

        foreach (var batch in new[] { 512, 1024, 2048, 4096, 8192 })
        {
            NativeMemory.GiveBackFreed();
            PeakMemory.Restart();
            yield return new Measure($"B = {batch}, time", Median([.. Enumerable.Range(0, batch < 4096 ? 3 : 1).Select(_ => Seconds(batch))]), "s");
            yield return new Measure($"B = {batch}, peak memory of the process", PeakMemory.Bytes() / (double)(1 << 20), "MiB");
        }
    }

    private static Measure Against(PythonPeer peer, int batch, int turns)
    {
        Seconds(batch);                     // warms up
        var (ours, ratios) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < turns; turn++)
        {
            var seconds = Median([.. Enumerable.Range(0, PassesPerTurn).Select(_ => Seconds(batch))]);
            ours.Add(seconds);
            ratios.Add(peer.Ask($"flow {batch} {Dimension} {Steps}") / seconds);
        }

        var rate = 1 / Median(ours);
        return new Measure($"B = {batch}", rate, "passes/s", $"published form, torch {peer.Version}", rate / Median(ratios));
    }

    private static double Seconds(int batch)
    {
        using var scope = NewDisposeScope();
        var (anchors, prior, own) = (randn(batch, Dimension).requires_grad_(), randn(batch, Dimension), arange(batch, dtype: ScalarType.Int64));
        var start = Stopwatch.GetTimestamp();
        BackwardPass.From(new LatentFlow(FlowSolver.Euler, Steps).Forward(anchors, prior, own).square().mean());
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
