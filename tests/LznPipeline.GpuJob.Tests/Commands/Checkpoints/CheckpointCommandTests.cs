using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Commands;
using LznPipeline.GpuJob.Commands.Checkpoints;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.GpuJob.Tests.Checkpoints;
using LznPipeline.GpuJob.Tests.Checkpoints.Pytorch;
using LznPipeline.Shared.Jobs;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Commands.Checkpoints;

public sealed class CheckpointCommandTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = new();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task ExportThenImport_WriteFilesBesideTheirs()
    {
        Assert.Equal(ExitCode.Done, await InvokeAsync("export", _checkpoint.Ours));
        File.Delete(_checkpoint.Ours);

        Assert.Equal(ExitCode.Done, await ImportAsync(_checkpoint.Torch, "--classes", "a,b,c"));

        using var imported = Checkpoint.Open(_checkpoint.Ours);
        Assert.Equal(["a", "b", "c"], imported.Classes);
        Assert.Equal([_checkpoint.Torch, _checkpoint.Ours], Directory.GetFiles(_checkpoint.Folder).Order());
    }

    [Fact]
    public async Task Export_FileThatIsThere_IsReplacedOnlyByForce()
    {
        await File.WriteAllTextAsync(_checkpoint.Torch, "precious");

        Assert.Equal(ExitCode.JobIsWrong, await InvokeAsync("export", _checkpoint.Ours));
        Assert.Equal("precious", await File.ReadAllTextAsync(_checkpoint.Torch));

        Assert.Equal(ExitCode.Done, await InvokeAsync("export", _checkpoint.Ours, "--force", "--plain-numbers"));
        using var exported = TorchFile.Open(_checkpoint.Torch);
        Assert.IsType<double>(exported.Root.Get("encoder_ema").Get("decay").Value);
    }

    [Fact]
    public async Task Import_BrokenFile_LeavesNothing()
    {
        _checkpoint.Export(root => TinyCheckpoint.In(root, "label_anchor")["model.module.anchor"] = TensorSource.Of(full([3, 6], float.NaN)));
        var target = Path.Combine(_checkpoint.Folder, "new.safetensors");
        var before = Directory.GetFiles(_checkpoint.Folder).Order();

        Assert.Equal(ExitCode.JobIsWrong, await ImportAsync(_checkpoint.Torch, "--output", target));

        Assert.Equal(before, Directory.GetFiles(_checkpoint.Folder).Order());
    }

    [Theory]
    [InlineData("import", "missing.pt")]
    [InlineData("import", "state.safetensors")]
    [InlineData("export", "missing.safetensors")]
    [InlineData("export", "state.pt")]
    [InlineData("show", "missing.pt")]
    [InlineData("show", "empty")]
    public async Task AnyCommand_FileOfNoUse_ExitsAsWrong(string command, string file)
    {
        _checkpoint.Export();
        await File.WriteAllBytesAsync(Path.Combine(_checkpoint.Folder, "empty"), []);
        var path = Path.Combine(_checkpoint.Folder, file);

        Assert.Equal(ExitCode.JobIsWrong, command == "import" ? await ImportAsync(path) : await InvokeAsync(command, path));
    }

    [Fact]
    public void Show_OurCheckpoint_TellsRecipeProgressAndTensors()
    {
        var shown = Shown(_checkpoint.Ours);

        Assert.Contains("4 iterations, 3 of them skipped; epoch 1; seed 5", shown, StringComparison.Ordinal);
        Assert.Contains("across, down, chess", shown, StringComparison.Ordinal);
        Assert.Contains("[3, 6]", shown, StringComparison.Ordinal);
        Assert.Contains("All numbers are finite.", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("ema.encoder", shown, StringComparison.Ordinal);
        Assert.Contains("ema.encoder", Shown(_checkpoint.Ours, all: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Show_PublishedCheckpoint_TellsTheSame()
    {
        _checkpoint.Export();

        var shown = Shown(_checkpoint.Torch);

        Assert.Contains("4 iterations; epoch 1", shown, StringComparison.Ordinal);
        Assert.Contains("warm-up of 2 steps, 1 done", shown, StringComparison.Ordinal);
        Assert.Contains("label_anchor.model.module.anchor", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_NumbersThatAreNotFinite_NamesTheirTensors()
    {
        _checkpoint.Export(root => TinyCheckpoint.In(root, "label_anchor")["model.module.anchor"] = TensorSource.Of(full([3, 6], float.NaN)));

        Assert.Contains("NaN or infinity in label_anchor.model.module.anchor", Shown(_checkpoint.Torch), StringComparison.Ordinal);
    }

    [Fact]
    public void Show_AnyStateDictionary_ListsItsTensors()
    {
        using (var file = File.Create(_checkpoint.Torch))
            TorchFileWriter.Write(file, new OrderedDictionary<object, object?>
            {
                ["net"] = new List<object?> { new OrderedDictionary<object, object?> { ["weight"] = TensorSource.Of(ones(2, 8)) } }
            });

        Assert.Matches(@"net\[0\]\.weight\s+F32\s+\[2, 8\]\s+4\b", Shown(_checkpoint.Torch));
    }

    [Theory]
    [InlineData("""\x80\x02]q\x00h\x00a.""")]
    [InlineData("""\x80\x02]q\x00(h\x00h\x00h\x00h\x00e.""")]
    public void Show_PickleThatHoldsItself_IsRefused(string pickle)
    {
        File.WriteAllBytes(_checkpoint.Torch, TorchArchive.Of(TorchArchive.Pickle(pickle)).ToArray());

        Assert.Throws<InvalidDataException>(() => Shown(_checkpoint.Torch));
    }

    private static string Shown(string path, bool all = false)
    {
        using var view = CheckpointView.Open(path);
        var text = new StringWriter();
        new CheckpointTable(view).Write(text, all);
        return text.ToString();
    }

    private static Task<int> ImportAsync(string file, params string[] more)
    {
        var (preset, set) = TinyCheckpoint.Architecture;
        return InvokeAsync(
            ["import", file, "--preset", preset, .. set.SelectMany(field => new[] { "--set", $"{field.Key}={field.Value.GetRawText()}" }), .. more]);
    }

    private static Task<int> InvokeAsync(params string[] args) => CommandLine.InvokeAsync(CommandLine.Parse(["checkpoint", .. args]));
}
