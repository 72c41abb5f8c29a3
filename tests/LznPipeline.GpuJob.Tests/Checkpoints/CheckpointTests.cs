using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tensors;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = new();

    public void Dispose() => _checkpoint.Dispose();

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "ema.")]
    public void Build_TrainingState_HasItsWeightsOrRunningMeans(bool ema, string prefix)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = Checkpoint.Open(_checkpoint.Ours);

        using var model = checkpoint.Build(ema);

        Assert.All(model.named_parameters(), each => Assert.True(each.parameter.Equals(checkpoint.Tensors.Tensor(prefix + each.name))));
    }

    [Fact]
    public void Build_TensorsThatDoNotFitTheRecipe_ListsAllOfThem()
    {
        using var scope = NewDisposeScope();
        var (changed, wrong) = (new MemoryStream(), string.Empty);
        using (var checkpoint = Checkpoint.Open(_checkpoint.Ours))
        {
            var tensors = checkpoint.Tensors.Tensors.Keys.ToDictionary(name => name, checkpoint.Tensors.Source);
            tensors.Remove("label_anchors");
            wrong = tensors.Keys.First(name => name.StartsWith("encoder.", StringComparison.Ordinal));
            tensors[wrong] = TensorSource.Of(zeros(1));
            Checkpoint.Write(changed, checkpoint.Recipe, checkpoint.Classes, checkpoint.Counters, [.. tensors]);
        }

        using var read = Checkpoint.Read(changed, "changed");
        var refused = Assert.Throws<BadInputException>(() => read.Build(ema: false));

        Assert.Contains("label_anchors: missing, F32 [3, 6]", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{wrong}: F32 [1], needed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileOfPyTorch_NamesTheImport()
    {
        _checkpoint.Export();

        Assert.Contains("lzn checkpoint import", Assert.Throws<BadInputException>(() => Checkpoint.Open(_checkpoint.Torch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SafetensorsOfAnotherProgram_IsRefused()
    {
        var file = new MemoryStream();
        Safetensors.Write(file, [], new Dictionary<string, string> { ["format"] = "pt" });

        Assert.Contains("'pt'", Assert.Throws<BadInputException>(() => Checkpoint.Read(file, "file")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MetadataOfAnotherVersion_IsRefused()
    {
        var file = new MemoryStream();
        Safetensors.Write(file, [], new Dictionary<string, string> { ["format"] = "lzn-checkpoint-1", ["recipe"] = "{}" });

        Assert.Contains("metadata", Assert.Throws<BadInputException>(() => Checkpoint.Read(file, "file")).Message, StringComparison.Ordinal);
    }
}
