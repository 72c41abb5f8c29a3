using LznPipeline.Cli.Hosting;

namespace LznPipeline.Cli.Health;

/// <summary>Looks at this machine for everything that the pipeline needs.</summary>
internal static class Examination
{
    private const double GiB = 1L << 30;
    private const double MinMemoryGiB = 3;
    private const double MinDiskGiB = 3;

    internal static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken stop) =>
    [
        await ProgramAsync(".NET SDK", "dotnet", "https://dot.net/download, or dotnet-install.sh --channel 10.0", stop),
        await ProgramAsync("Node.js", "node", "https://nodejs.org/en/download, or your system's package manager", stop),
        await ProgramAsync("npm", "npm", "it comes with Node.js; some systems have it as a package of its own", stop),
        AzuriteInstall.IsThere
            ? Finding.Good("Azurite", Repository.AzuriteFolder)
            : Finding.Missing("Azurite", "stores what local runs make", $"npm ci in {Repository.AzuriteFolder}; every other ./lzn command does it"),
        .. await Torch.FindAsync(BuiltProgram.PathOf("src/GpuJob", "lzn-gpu"), Torch.HasDriver(), stop),
        Finding.Good("Processor cores", $"{Environment.ProcessorCount}"),
        Amount("Memory", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / GiB, MinMemoryGiB, "use smaller batches: --set training.batchSize=64"),
        Amount("Free disk", new DriveInfo(Repository.Root).AvailableFreeSpace / GiB, MinDiskGiB, "make room, or delete .lzn/azurite"),
        .. await Ports.FindAsync(Repository.State, stop),
    ];

    /// <summary>A program that tells its version.</summary>
    internal static async Task<Finding> ProgramAsync(string name, string program, string get, CancellationToken stop) =>
        await Answer.OfAsync(program, ["--version"], Repository.Root, stop) switch
        {
            null => Finding.Missing(name, $"there is no '{program}' on the PATH", get),
            { ExitCode: 0 } answer => Finding.Good(name, answer.Output),
            { } answer => Finding.Missing(name, $"'{program} --version' fails here: {answer.Errors}", get),
        };

    internal static Finding Amount(string name, double gib, double least, string advice) => gib >= least
        ? Finding.Good(name, $"{gib:F1} GiB")
        : Finding.Optional(name, $"{gib:F1} GiB; {least} GiB or more are better", advice);
}

/// <summary>One thing that doctor looked for.</summary>
/// <param name="Detail">What was found, or what its absence means.</param>
/// <param name="Get">How to get it; null when nothing is to be done.</param>
internal sealed record Finding(string Name, FindingState State, string Detail, string? Get = null)
{
    internal static Finding Good(string name, string detail) => new(name, FindingState.Good, detail);

    internal static Finding Optional(string name, string detail, string? get = null) => new(name, FindingState.Optional, detail, get);

    internal static Finding Missing(string name, string detail, string get) => new(name, FindingState.Missing, detail, get);
}

internal enum FindingState
{
    Good,

    /// <summary>Not there, or not as good as it could be; everything works without it.</summary>
    Optional,

    /// <summary>Needed, and not there.</summary>
    Missing,
}
