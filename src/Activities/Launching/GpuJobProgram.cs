namespace LznPipeline.Activities.Launching;

/// <summary>Where the program <c>lzn-gpu</c> lies, and how it is called.</summary>
internal static class GpuJobProgram
{
    private const string Name = "lzn-gpu";

    /// <summary>The program that the setting names; without it, one beside the app or in the neighbouring project's output. Null when there is none.</summary>
    internal static string? Find(string? setting) => setting is not null
        ? Path.GetFullPath(setting) is var named && File.Exists(named) ? named : null
        : Candidates().FirstOrDefault(File.Exists);

    /// <summary>The words that start it, such as <c>dotnet lzn-gpu.dll</c>.</summary>
    internal static string[] Command(string program) => program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", program] : [program];

    private static IEnumerable<string> Candidates()
    {
        var own = AppContext.BaseDirectory;
        yield return Path.Combine(own, Name);
        yield return Path.Combine(own.Replace("/Orchestrations/", "/GpuJob/", StringComparison.Ordinal), Name);
    }
}
