using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace LznPipeline.Cli.Health;

/// <summary>Finds libtorch without loading it.</summary>
internal static partial class Torch
{
    private static readonly string[] SystemFolders = [$"/usr/lib/{Architecture()}-linux-gnu", "/usr/lib", "/usr/local/lib", "/opt/homebrew/lib"];
    private static readonly string[] PythonFolders = ["/usr/local/lib", "/usr/lib"];

    private const string Header = "include/torch/csrc/api/include/torch/version.h";

    private static string? Root => Environment.GetEnvironmentVariable("LIBTORCH") is { Length: > 0 } given ? given : PythonPackage();

    internal static Finding Find()
    {
        var (header, library) = Root is { } root
            ? (Path.Combine(root, Header), Path.Combine(root, "lib/libtorch_cpu.so"))
            : (Path.Combine("/usr", Header), SystemLibrary("libtorch_cpu.so") ?? "");
        if (File.Exists(header) && File.Exists(library))
            return Finding.Good("libtorch", $"{VersionOf(header)}, {library}");
        var why = Root is { } given ? $"{given} has no headers or no lib/libtorch_cpu.so" : "trains and runs the networks";
        return Finding.Missing("libtorch", why, "apt-get install libtorch-dev, or pip install torch, or LIBTORCH=an unpacked libtorch");
    }

    /// <summary>Debian's libtorch takes whichever BLAS the system has; other builds bring their own.</summary>
    internal static Finding FindBlas()
    {
        const string name = "BLAS";
        if (Root is { } root && !IsSystems(Path.Combine(root, "lib", "libtorch_cpu.so")))
            return Finding.Good(name, "the one inside libtorch");
        if (SystemLibrary("libblas.so.3") is not { } blas)
            return Finding.Missing(name, "multiplies matrices", "apt-get install libopenblas0-pthread");
        var target = File.ResolveLinkTarget(blas, returnFinalTarget: true)?.FullName ?? blas;
        return target.Contains("openblas", StringComparison.Ordinal) || target.Contains("mkl", StringComparison.Ordinal)
            ? Finding.Good(name, target)
            : Finding.Optional(name, $"{target} is the reference BLAS: matrix products are some 30 times slower", "apt-get install libopenblas0-pthread");
    }

    internal static Finding FindCuda()
    {
        var driver = NativeLibrary.TryLoad("libcuda.so.1", out _);
        var build = Root is { } root ? File.Exists(Path.Combine(root, "lib/libtorch_cuda.so")) : SystemLibrary("libtorch_cuda.so") is not null;
        return (driver, build) switch
        {
            (true, true) => Finding.Good("CUDA", "driver and a CUDA build of libtorch"),
            (true, false) => Finding.Optional("CUDA", "a driver, but libtorch is a build for the processor", "pip install torch, or LIBTORCH=a CUDA build"),
            (false, _) => Finding.Optional("CUDA", "no driver: everything runs on the processor"),
        };
    }

    /// <summary>Debian's python3-torch links to the system's libtorch.</summary>
    private static bool IsSystems(string library) =>
        SystemFolders.Contains(Path.GetDirectoryName(File.ResolveLinkTarget(library, returnFinalTarget: true)?.FullName ?? library));

    private static string VersionOf(string header) =>
        string.Join('.', VersionLine().Matches(File.ReadAllText(header)).Select(match => match.Groups["number"].Value));     // major, minor, patch in the header's order

    private static string? SystemLibrary(string file) => SystemFolders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static string? PythonPackage() =>
        PythonFolders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateDirectories(folder, "python3*"))
            .SelectMany(python => new[] { Path.Combine(python, "site-packages", "torch"), Path.Combine(python, "dist-packages", "torch") })
            .FirstOrDefault(torch => File.Exists(Path.Combine(torch, "lib", "libtorch_cpu.so")));

    private static string Architecture() => RuntimeInformation.OSArchitecture is System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64";

    [GeneratedRegex("#define TORCH_VERSION_(?<part>MAJOR|MINOR|PATCH) (?<number>[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex VersionLine();
}
