using System.Runtime.CompilerServices;

namespace LznPipeline.Benchmarks;

/// <summary>
/// What zones add to rectified flow:
/// <c>case1-small</c> on CIFAR-10 with latents and without, the same network, initial weights, iterations and order of images.
/// </summary>
internal sealed class Case1Benchmark : TrainingBenchmark
{
    private const int Seeds = 3;

    public override string Name => "case1";

    public override string Summary => $"case1-small on CIFAR-10: Frechet distance of rectified flow with latents, beside rectified flow alone, {Seeds} seeds.";

    public override async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var study = await OpenAsync(stop);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var zones = await study.RunAsync($"zones-{seed}", "case1-small", [], seed, stop);
            var alone = await study.RunAsync($"alone-{seed}", "case1-small", ["decoder.latent=none"], seed, stop);
            yield return Time(zones, $", seed {seed}", alone);
            yield return Distance($"Frechet distance, seed {seed}", zones, alone);
            yield return new Measure($"validation loss, seed {seed}", zones.Figures["validation_loss"], "", Alone, alone.Figures["validation_loss"]);
            yield return new Measure($"reconstruction L2, seed {seed}", zones.Figures["reconstruction_l2"], "", Alone, alone.Figures["reconstruction_l2"]);
        }
    }
}
