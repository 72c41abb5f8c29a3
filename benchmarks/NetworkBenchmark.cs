using System.Diagnostics;
using System.Runtime.CompilerServices;
using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Networks.Ncsnpp;
using LznPipeline.GpuJob.Networks.ResNet;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.Benchmarks;

/// <summary>
/// Forward and backward of the published networks in training mode, in turn with the same networks in Python: the ratio is the median of the turns' ratios.
/// </summary>
internal sealed class NetworkBenchmark : IBenchmark
{
    private const int FewestTurns = 7;

    /// <summary>Short steps take more turns, or one disturbance of the machine decides.</summary>
    private static readonly TimeSpan MinTime = TimeSpan.FromSeconds(20);

    private const int LatentDimension = 200;
    private const int Classes = 10;
    private static readonly NcsnppForm Cifar10Form = new() { Nf = 128, ChMult = [1, 2, 2, 2], NumResBlocks = 4, AttnResolutions = [16], Dropout = 0.15 };

    public string Name => "network";

    public string Summary =>
        "Images per second through forward and backward: the CIFAR-10 NCSN++ decoder and ResNet-50, against the same networks in Debian's python3-torch.";

    public async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        NativeThreads.Settle();             // both as the training program does
        NativeMemory.KeepFreed();
        using var peer = await PythonPeer.StartAsync("network.py", stop);
        foreach (var (name, command, batch, create) in Cases())
        {
            var (network, step) = create(batch);
            using (network)
            {
                var theirs = peer.Ask(command);
                var ours = network.parameters().Sum(parameter => parameter.numel());
                if (ours != (long)theirs)
                    throw new InvalidOperationException($"{name} has {ours:n0} parameters here and {theirs:n0} in the peer: these are two networks.");

                Turn(peer, network, step, batch);              // warms both up
                var turns = new List<(double Ours, double Theirs)>();
                while (turns.Count < FewestTurns || turns.Sum(turn => turn.Ours + turn.Theirs) < MinTime.TotalSeconds)
                    turns.Add(Turn(peer, network, step, batch));
                var rate = batch / Median(turns.Select(turn => turn.Ours));
                var ratios = turns.Select(turn => turn.Theirs / turn.Ours).Order().ToList();
                yield return new Measure(
                    $"{name} (ratios {ratios[0]:F2} to {ratios[^1]:F2})", rate, "images/s", $"Python, torch {peer.Version}", rate / Median(ratios));
            }
        }
    }

    private static IEnumerable<(string Name, string Command, int Batch, Func<int, (nn.Module Network, Func<Tensor> Step)> Create)> Cases() =>
    [
        ("NCSN++ decoder, nf 128, batch 8", "decoder 128", 8, batch => Decoder(128, batch)),
        ("NCSN++ decoder, nf 32, batch 64", "decoder 32", 64, batch => Decoder(32, batch)),
        ("ResNet-50, 64 px, batch 16", "resnet", 16, batch => ResNet(skRatio: 0, batch)),
        ("ResNet-50 SK, 64 px, batch 16", "resnet-sk", 16, batch => ResNet(skRatio: 0.0625, batch)),
    ];

    private static (nn.Module Network, Func<Tensor> Step) Decoder(int nf, int batch)
    {
        using var generator = new Generator();
        var decoder = new NcsnppDecoder(new NcsnppOptions(Cifar10Form with { Nf = nf }, imageSize: 32), LatentDimension, Classes, generator);
        var (latents, t, xt) = (randn(batch, LatentDimension), rand(batch), randn(batch, 3, 32, 32));
        var labels = nn.functional.one_hot(randint(Classes, [batch], dtype: ScalarType.Int64), Classes).to_type(ScalarType.Float32);
        return (decoder, () => decoder.call(latents, labels, t, xt));
    }

    private static (nn.Module Network, Func<Tensor> Step) ResNet(double skRatio, int batch)
    {
        using var generator = new Generator();
        var network = new ResNetEncoder(new ResNetEncoderRecipe { LatentDimension = 256, SkRatio = skRatio }, generator);
        var images = randn(batch, 3, 64, 64);
        return (network, () => network.call(images));
    }

    private static (double Ours, double Theirs) Turn(PythonPeer peer, nn.Module network, Func<Tensor> step, int batch)
    {
        network.zero_grad();
        var ours = Seconds(step);
        return (ours, peer.Ask($"step {batch}"));
    }

    private static double Seconds(Func<Tensor> step)
    {
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        BackwardPass.From(step().square().mean());
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
