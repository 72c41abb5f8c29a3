using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Checkpoints.Published;
using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.Testing;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

[Trait("Category", "Golden")]
public sealed class CheckpointTests : IDisposable
{
    /// <summary>Of the networks' float32 results; theirs come from other kernels.</summary>
    private const double Tolerance = 2e-4;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"lzn-{Guid.NewGuid():N}.pt");

    public static TheoryData<string> Names { get; } =
        [.. Golden.Names("checkpoint_", ["checkpoint_afhq_like_c0", "checkpoint_cifar_like_c0", "checkpoint_cifar_like_c10"])];

    public void Dispose() => File.Delete(_path);

    [Theory]
    [MemberData(nameof(Names))]
    public void Import_Weights_GiveThePublishedNumbers(string name) => AssertNumbers(new GoldenCheckpoint(name), ema: false, prefix: string.Empty);

    [Theory]
    [MemberData(nameof(Names))]
    public void Import_RunningMeans_GiveThePublishedNumbers(string name) => AssertNumbers(new GoldenCheckpoint(name), ema: true, prefix: "ema_");

    [Theory]
    [MemberData(nameof(Names))]
    public void Import_LearningRates_AreThePublishedOnes(string name)
    {
        var golden = new GoldenCheckpoint(name);
        using var checkpoint = Checkpoint.Read(golden.Import(golden.File), name);
        var counters = checkpoint.Counters;

        var rates = PublishedName.All
            .Where(part => counters.AdamSteps.ContainsKey(part.Part))
            .Select(part => LearningRateSchedule.At(checkpoint.Recipe.Training, part.Part, counters.ScheduleSteps));

        using var published = golden.Numbers.InMemory("lr");
        Assert.Equal(published.data<double>().ToArray(), rates, (given, expected) => Math.Abs(given - expected) <= 1e-12 * expected);
        Assert.All(
            counters.AdamSteps.Values.Concat(counters.EmaUpdates.Values).Append(counters.ScheduleSteps),
            count => Assert.Equal(counters.Iteration, count));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Export_OfAnImport_ImportsToTheSameBytes(string name)
    {
        var golden = new GoldenCheckpoint(name);
        var first = golden.Import(golden.File);
        Export(first, name, fractionsAsTensors: true);

        var second = golden.Import(_path);

        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Export_OfAnImport_IsThePublishedFileKeyByKey(string name)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenCheckpoint(name);
        Export(golden.Import(golden.File), name, fractionsAsTensors: false);
        using var ours = TorchFile.Open(_path);
        using var published = TorchFile.Open(golden.File);

        AssertSame(published, published.Root, ours, ours.Root);
    }

    [PythonTorchTheory]
    [MemberData(nameof(Names))]
    public async Task Export_TorchLoadsItWithWeightsOnly_AndItsOptimizerGoesOnAlike(string name)
    {
        var golden = new GoldenCheckpoint(name);
        Export(golden.Import(golden.File), name, fractionsAsTensors: true);

        Assert.Equal("True", (await PythonTorch.RunAsync(OneMoreStep, _path, golden.File)).Trim());
    }

    /// <summary>Loads two checkpoints as a trainer does, takes a step of Adam and of the schedule with each, and compares the weights.</summary>
    private const string OneMoreStep = """
        import sys, torch
        def step(state):
            parts = [[torch.nn.Parameter(value) for key, value in state[part].items() if key != 'model.module.sigmas'] for part in ('encoder', 'decoder', 'label_anchor') if part in state]
            optimizer = torch.optim.Adam([{'params': part, 'lr': 1} for part in parts])
            schedule = torch.optim.lr_scheduler.LinearLR(optimizer)
            optimizer.load_state_dict(state['optimizer'])
            schedule.load_state_dict(state['lr_scheduler'])
            for part in parts:
                for number, parameter in enumerate(part):
                    parameter.grad = torch.full_like(parameter, 0.01 * number)
            optimizer.step()
            schedule.step()
            return [parameter for part in parts for parameter in part], schedule.get_last_lr()
        ours, rates = step(torch.load(sys.argv[1], weights_only=True))
        theirs, published = step(torch.load(sys.argv[2], weights_only=False))
        print(len(ours) == len(theirs) and len(rates) == len(published)
              and all(torch.allclose(a, b, rtol=1e-6, atol=0) for a, b in zip(ours, theirs)) and all(abs(a - b) < 1e-12 * b for a, b in zip(rates, published)))
        """;

    private void Export(MemoryStream checkpoint, string name, bool fractionsAsTensors)
    {
        using var copy = Checkpoint.Read(new MemoryStream(checkpoint.ToArray()), name);
        using var to = File.Create(_path);
        new PublishedExport(copy, fractionsAsTensors).Write(to);
    }

    private static void AssertNumbers(GoldenCheckpoint golden, bool ema, string prefix)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var checkpoint = Checkpoint.Read(golden.Import(golden.File), golden.File);
        using var model = checkpoint.Build(ema, Golden.Device);
        var numbers = golden.Numbers;

        var anchors = model.Encoder.call(numbers["x"]);
        // every golden checkpoint has a decoder
        var velocity = model.Decoder!.call(numbers["latent"], model.OneHot(golden.Labels), numbers["t"], numbers["xt"]);

        Assert.InRange(Golden.Deviation(anchors, numbers[prefix + "encoded"]), 0, Tolerance);
        Assert.InRange(Golden.Deviation(velocity, numbers[prefix + "decoded"]), 0, Tolerance);
        if (!ema && numbers.Number("num_classes") > 0)
            Assert.True(model.LabelAnchors!.Equals(numbers["anchor"]));
    }

    /// <summary>
    /// The same keys, in any order, with the same values. Learning rates may differ in their last bits:
    /// PyTorch goes from each to the next, we compute each from the first.
    /// </summary>
    private static void AssertSame(TorchFile expectedFile, PickleValue expected, TorchFile givenFile, PickleValue given)
    {
        if (expected.IsDictionary)
        {
            Assert.Equal(expected.Entries().Select(entry => $"{entry.Key}").Order(), given.Entries().Select(entry => $"{entry.Key}").Order());
            foreach (var (key, value) in expected.Entries())
                AssertSame(expectedFile, value, givenFile, given.Get(key));
        }
        else if (expected.IsList)
        {
            Assert.Equal((expected.Value!.GetType(), expected.Items().Count()), (given.Value!.GetType(), given.Items().Count()));       // a list has a value
            foreach (var (value, other) in expected.Items().Zip(given.Items()))
                AssertSame(expectedFile, value, givenFile, other);
        }
        else if (expected.Value is TorchTensor tensor)
        {
            Assert.Equal(TensorForms.Of(tensor.Storage.Type, tensor.Shape), TensorForms.Of(given.Tensor().Storage.Type, given.Tensor().Shape));
            Assert.Equal(expectedFile.Tensor(tensor).bytes.ToArray(), givenFile.Tensor(given.Tensor()).bytes.ToArray());
        }
        else if (expected.Value is double number)
        {
            Assert.True(
                given.Value is double other && Math.Abs(other - number) <= 1e-12 * Math.Abs(number),
                $"{expected.Path}: {given.Value}, expected {number}");
        }
        else
        {
            Assert.True(Equals(expected.Value, given.Value), $"{expected.Path}: {given.Value}, expected {expected.Value}");
        }
    }
}
