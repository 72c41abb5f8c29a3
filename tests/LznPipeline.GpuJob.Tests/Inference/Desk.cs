using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Commands;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Inference;

/// <summary>Images and tiny models in a folder, and commands on them.</summary>
internal sealed class Desk : IDisposable
{
    internal static readonly string[] ClassNames = ["across", "down", "chess"];

    internal Workplace Place { get; } = new();

    public void Dispose() => Place.Dispose();

    internal string At(string name) => Path.Combine(Place.Root, name);

    /// <summary>The file of an untrained model.</summary>
    internal string Model(Objective objective = Objective.Joint)
    {
        var path = At($"{objective}.safetensors");
        using var scope = NewDisposeScope();
        var recipe = Workplace.TinyRecipe(objective);
        using var generator = new Generator(7);
        using var model = new LznModel(recipe, ClassNames.Length, generator);
        using var means = new EmaWeights([.. model.named_parameters().Where(each => each.parameter.requires_grad)], recipe.Training.EmaDecay);
        using var file = System.IO.File.Create(path);
        Checkpoint.Write(
            file,
            recipe,
            ClassNames,
            new TrainingCounters { Seed = 7, Epoch = 0, Iteration = 0, Skipped = 0, MeanLoss = 0, AdamSteps = [], EmaUpdates = means.Updates.Stored() },
            [.. model.Weights().Concat(means.Named()).Select(each => KeyValuePair.Create(each.Key, TensorSource.Of(each.Value)))]);
        return path;
    }

    /// <summary>One image, in a folder that has no others.</summary>
    internal string Image(string name = "one.png", int label = 0, int number = 0) => File(name, Pictures.Stripes(label, number));

    internal string File(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        System.IO.File.WriteAllBytes(At(name), content);
        return At(name);
    }

    internal static Task<int> InvokeAsync(params string[] args) => CommandLine.InvokeAsync(CommandLine.Parse(args));

    internal static async Task DoAsync(params string[] args) => Assert.Equal(ExitCode.Done, await InvokeAsync(args));

    /// <summary>Runs a command that is refused, and looks that it leaves nothing behind.</summary>
    internal async Task RefuseAsync(params string[] args)
    {
        var before = Entries();

        Assert.Equal(ExitCode.JobIsWrong, await InvokeAsync(args));

        Assert.Equal(before, Entries());

        List<string> Entries() => [.. Directory.EnumerateFileSystemEntries(Place.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    internal Picture Drawn(string name) => Picture.Decode(System.IO.File.ReadAllBytes(At(name)));

    /// <summary>Greatest difference of two pictures' pixels, in levels.</summary>
    internal static int Difference(Picture one, Picture other)
    {
        Assert.Equal((one.Width, one.Height), (other.Width, other.Height));
        return one.Pixels.Zip(other.Pixels, (left, right) => Math.Abs(left - right)).Max();
    }

    /// <summary>An image of a grid by its place, of 8 x 8 pixels.</summary>
    internal static Picture Cell(Picture grid, int row, int column)
    {
        var cell = Picture.Blank(8, 8);
        for (var y = 0; y < 8; y++)
            grid.Pixels.AsSpan(((2 + row * 10 + y) * grid.Width + 2 + column * 10) * 3, 24).CopyTo(cell.Pixels.AsSpan(y * 24));
        return cell;
    }
}
