using System.Reflection;

namespace LznPipeline.Cli.Tests.Infrastructure;

/// <summary>A test that needs the Bicep command line, which the build restores on Linux for x64; skipped elsewhere.</summary>
public sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute() => Skip = Program is null ? "The Bicep command line comes as a package for Linux on x64 alone." : null;

    /// <summary>Where it lies; null where there is none.</summary>
    internal static string? Program { get; } =
        typeof(BicepFactAttribute).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(each => each.Key == "BicepCommandLine")?.Value;
}
