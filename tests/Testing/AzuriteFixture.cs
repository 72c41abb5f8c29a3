using LznPipeline.Cli.Hosting;
using Xunit;

namespace LznPipeline.Testing;

/// <summary>One Azurite for all tests of an assembly: <c>IClassFixture&lt;AzuriteFixture&gt;</c> on each class that wants it.</summary>
/// <remarks>It holds no data of its own; each test works in a container or task hub that it alone knows. It ends with the test process.</remarks>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private static readonly Lazy<Task<AzuriteProcess>> Shared = new(() => AzuriteProcess.StartAsync(Folder(), new AzuritePorts(), CancellationToken.None));

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync() => ConnectionString = (await Shared.Value).ConnectionString;

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>
    /// For long runs, a folder: after ten minutes the emulator collects what was overwritten, and in memory that takes a time that grows with the square of it,
    /// minutes for a hundred thousand writes, in which it answers nothing.
    /// </summary>
    private static string? Folder()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LZN_NIGHTLY")))
            return null;
        var folder = Directory.CreateTempSubdirectory("lzn-azurite-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => TryDelete(folder);
        return folder;
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // The emulator, which ends now too, still wrote there. The system clears its temporary files.
        }
    }

    /// <summary>A prefix that no other test has: letters and digits, so it fits blob names, containers, queues and tables alike.</summary>
    public string NewPrefix() => $"t{Guid.NewGuid():N}"[..17];

    /// <summary>A task hub that no other test has.</summary>
    public string NewHub() => $"Hub{Guid.NewGuid():N}"[..19];
}
