using System.Diagnostics;
using System.Runtime.InteropServices;
using LznPipeline.Cli.Hosting;

namespace LznPipeline.Cli.Health;

/// <summary>Looks at this machine for everything that the pipeline needs.</summary>
internal static class Examination
{
    private const double GiB = 1L << 30;
    private const double LeastMemoryGiB = 3;
    private const double LeastDiskGiB = 3;

    internal static IEnumerable<Finding> Run()
    {
        yield return Program(".NET SDK", "dotnet", "--version", "https://dot.net/download, or dotnet-install.sh --channel 10.0");
        yield return Program("Node.js", "node", "--version", "apt-get install nodejs npm (brew install node)");
        yield return Program("C++ compiler", "g++", "-dumpfullversion", "apt-get install g++");
        yield return AzuriteInstall.IsThere
            ? Finding.Good("Azurite", Repository.AzuriteFolder)
            : Finding.Missing("Azurite", "the storage emulator of local runs", $"npm ci in {Repository.AzuriteFolder}; every ./lzn command but this one does it");
        yield return Torch.Find();
        yield return Torch.FindBlas();
        yield return Library("libjpeg-turbo", "reads JPEG images", "libturbojpeg.so.0", "libturbojpeg0");
        yield return Library("libpng", "reads PNG images, writes samples", "libpng16.so.16", "libpng16-16");
        yield return Library("libzstd", "compresses parquet files", "libzstd.so.1", "libzstd1");
        yield return Torch.FindCuda();
        yield return Finding.Good("Processor cores", $"{Environment.ProcessorCount}");
        yield return Amount("Memory", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / GiB, LeastMemoryGiB, "use smaller batches: --set training.batchSize=64");
        yield return Amount("Free disk", new DriveInfo(Repository.Root).AvailableFreeSpace / GiB, LeastDiskGiB, "make room, or delete .lzn/azurite");
    }

    private static Finding Program(string name, string program, string argument, string get)
    {
        try
        {
            var start = new ProcessStartInfo(program, argument) { WorkingDirectory = Repository.Root, UseShellExecute = false };
            (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
            using var process = Process.Start(start);
            var version = process?.StandardOutput.ReadToEnd().Trim();
            process?.WaitForExit();
            return process is { ExitCode: 0 } ? Finding.Good(name, version ?? "") : Finding.Missing(name, $"'{program} {argument}' fails here", get);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return Finding.Missing(name, $"there is no '{program}' on the PATH", get);
        }
    }

    private static Finding Library(string name, string purpose, string file, string package) => NativeLibrary.TryLoad(file, out _)
        ? Finding.Good(name, file)
        : Finding.Missing(name, $"{file} {purpose}", $"apt-get install {package}");

    private static Finding Amount(string name, double gib, double least, string advice) => gib >= least
        ? Finding.Good(name, $"{gib:F1} GiB")
        : Finding.Optional(name, $"{gib:F1} GiB; {least} GiB or more are better", advice);
}
