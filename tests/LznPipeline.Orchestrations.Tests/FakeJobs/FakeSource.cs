using LznPipeline.Shared.Jobs;

namespace LznPipeline.Orchestrations.Tests.FakeJobs;

/// <summary>A folder of images that are none, and files beside it by which a test steers its jobs.</summary>
internal sealed class FakeSource
{
    private readonly string _images;
    private readonly string _controls;

    internal FakeSource(string images)
    {
        _images = images;
        _controls = images + "-controls";
        Directory.CreateDirectory(_controls);
    }

    internal static FakeSource Create()
    {
        var images = Path.Combine(Directory.CreateTempSubdirectory("lzn-fake-").FullName, "images");
        Directory.CreateDirectory(Path.Combine(images, "a"));
        File.WriteAllText(Path.Combine(images, "a", "1.png"), $"{Guid.NewGuid()}");
        return new FakeSource(images);
    }

    internal string Images => _images;

    internal string? Wrong => File.Exists(At("wrong")) ? File.ReadAllText(At("wrong")) : null;

    /// <summary>What each attempt that began wrote: folder, attempt, process, and where it began.</summary>
    internal string[] Begun => File.Exists(At("begun")) ? File.ReadAllLines(At("begun")) : [];

    internal void MakeWrong(string message) => File.WriteAllText(At("wrong"), message);

    internal void Repair() => File.Delete(At("wrong"));

    /// <summary>Jobs of this kind go on running until they are released.</summary>
    internal void Hold(string verb) => File.WriteAllText(At($"hold-{verb}"), string.Empty);

    internal void Release(string verb) => File.Delete(At($"hold-{verb}"));

    internal bool IsHeld(JobSpec job) => File.Exists(At($"hold-{job.Verb}"));

    /// <summary>The next attempts of such jobs fail, so often.</summary>
    internal void FailNext(string verb, int times) => File.WriteAllText(At($"fail-{verb}"), $"{times}");

    internal bool FailsNow(JobSpec job)
    {
        var file = At($"fail-{job.Verb}");
        if (!File.Exists(file) || int.Parse(File.ReadAllText(file)) is not (> 0 and var left))
            return false;
        File.WriteAllText(file, $"{left - 1}");
        return true;
    }

    internal void Note(string line) => File.AppendAllText(At("begun"), line + "\n");

    private string At(string name) => Path.Combine(_controls, name);
}
