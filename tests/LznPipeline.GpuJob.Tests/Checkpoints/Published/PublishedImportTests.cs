using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Checkpoints.Published;

public sealed class PublishedImportTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = new();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public void Import_OfAnExport_HasEveryTensorAndCounter()
    {
        _checkpoint.Export();
        using var ours = Checkpoint.Open(_checkpoint.Ours);

        using var imported = _checkpoint.Import(["a", "b", "c"]);

        Assert.Equal(ours.Tensors.Tensors.Keys, imported.Tensors.Tensors.Keys);
        Assert.All(ours.Tensors.Tensors.Keys, name => Assert.Equal(Bytes(ours, name), Bytes(imported, name)));
        Assert.Equivalent(ours.Counters with { Seed = null, MeanLoss = null }, imported.Counters, strict: true);
        Assert.Equal(["a", "b", "c"], imported.Classes);
        Assert.True(imported.HasOptimizer);
    }

    [Fact]
    public void Import_SettingsOfTheFile_ReplaceThePresets()
    {
        _checkpoint.Export(root =>
        {
            TinyCheckpoint.In(root, "lr_scheduler")["base_lrs"] = new List<object?> { 0.25, 0.5, 0.75 };
            foreach (var part in new[] { "encoder", "decoder", "label_anchor" })
                TinyCheckpoint.In(root, $"{part}_ema")["decay"] = 0.25;
        });

        using var imported = _checkpoint.Import();

        var training = imported.Recipe.Training;
        Assert.Equal(
            (0.25, 0.5, 0.75, 0.25),
            (training.LearningRate.Encoder, training.LearningRate.Decoder, training.LearningRate.LabelAnchors, training.EmaDecay));
    }

    [Fact]
    public void Import_WithoutOptimizer_IsAModel()
    {
        _checkpoint.Export(root =>
        {
            root.Remove("optimizer");
            root.Remove("lr_scheduler");
            root.Remove("grad_scalar");
        });

        using var imported = _checkpoint.Import();
        using var model = imported.Build(ema: true);

        Assert.False(imported.HasOptimizer);
        Assert.Equal(["0", "1", "2"], imported.Classes);
    }

    [Fact]
    public void Import_MissingUnexpectedAndWrongTensors_ListsAllOfThem()
    {
        var names = new List<string>();
        _checkpoint.Export(root =>
        {
            var encoder = TinyCheckpoint.In(root, "encoder");
            names.AddRange(encoder.Keys.Take(2).Select(key => $"encoder.{key}: "));
            encoder.RemoveAt(0);
            encoder.SetAt(0, TensorSource.Of(zeros(2, 3)));
            encoder["model.module.other"] = TensorSource.Of(zeros(1));
            TinyCheckpoint.In(root, "label_anchor")["model.module.anchor"] = TensorSource.Of(zeros([3, 6], ScalarType.Float64));
            ((List<object?>)TinyCheckpoint.In(root, "decoder_ema")["shadow_params"]!).RemoveAt(0);
            root["config"] = "?";
        });

        var refused = Assert.Throws<BadInputException>(() => _checkpoint.Import());

        Assert.All(
            names.Append("encoder.model.module.other: unexpected").Append("label_anchor.model.module.anchor: F64 [3, 6], needed F32 [3, 6]")
                .Append("decoder_ema.shadow_params").Append("config: unexpected"),
            expected => Assert.Contains(expected, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Import_NumbersThatAreNotFinite_NamesTheirTensors()
    {
        _checkpoint.Export(root =>
        {
            var anchors = TinyCheckpoint.In(root, "label_anchor");
            anchors["model.module.anchor"] = TensorSource.Of(full([3, 6], float.NaN));
            TinyCheckpoint.In(root, "label_anchor_ema")["shadow_params"] = new List<object?> { TensorSource.Of(full([3, 6], float.PositiveInfinity)) };
        });

        var refused = Assert.Throws<BadInputException>(() => _checkpoint.Import());

        Assert.Matches(@"(?<!ema\.)label_anchors", refused.Message);
        Assert.Contains("ema.label_anchors", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("encoder", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("case3-small")]
    [InlineData("case1-small")]
    [InlineData("case2-small")]
    public void Import_PresetOfAnotherArchitecture_SaysSo(string preset)
    {
        _checkpoint.Export();

        var refused = Assert.Throws<BadInputException>(() => _checkpoint.Import(preset, []));

        Assert.Contains($"preset '{preset}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("another architecture", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_PresetOfAnotherObjective_NamesThePartsThatItLacks()
    {
        _checkpoint.Export();
        var (preset, set) = Workplace.TinyPreset(Objective.Representation);

        var refused = Assert.Throws<BadInputException>(() => _checkpoint.Import(preset, set));

        Assert.Contains("label_anchor.model.module.anchor: unexpected", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("  encoder.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("betas")]
    [InlineData("eps")]
    [InlineData("weight_decay")]
    public void Import_AnotherOptimizer_IsRefused(string field)
    {
        _checkpoint.Export(root => TinyCheckpoint.In(root, "optimizer", "param_groups", 1)[field] = field == "betas" ? new object?[] { 0.5, 0.999 } : 0.5);

        Assert.Contains("optimizer of decoder", Assert.Throws<BadInputException>(() => _checkpoint.Import()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_AnotherSchedule_IsRefused()
    {
        _checkpoint.Export(root => TinyCheckpoint.In(root, "lr_scheduler")["end_factor"] = 0.5);

        Assert.Contains("lr_scheduler", Assert.Throws<BadInputException>(() => _checkpoint.Import()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iteration", "many", "iteration is 'many'; it should be a whole number")]
    [InlineData("encoder", 1L, "it should be a dictionary")]
    [InlineData("encoder_ema", null, "encoder_ema is None; it should be a dictionary")]
    public void Import_ValueOfAnotherKind_SaysWhere(string key, object? value, string expected)
    {
        _checkpoint.Export(root => root[key] = value);

        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => _checkpoint.Import()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_WrongNumberOfClassNames_IsRefused()
    {
        _checkpoint.Export();

        Assert.Contains("2 classes", Assert.Throws<BadInputException>(() => _checkpoint.Import(["cat", "dog"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_UnknownPreset_ListsThePresets()
    {
        _checkpoint.Export();

        Assert.Contains("case3-small", Assert.Throws<OptionsException>(() => _checkpoint.Import("case4", [])).Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(Checkpoint checkpoint, string name)
    {
        using var tensor = checkpoint.Tensors.Tensor(name);
        return tensor.bytes.ToArray();
    }
}
