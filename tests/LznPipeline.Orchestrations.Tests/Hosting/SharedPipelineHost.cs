using LznPipeline.Testing;

namespace LznPipeline.Orchestrations.Tests.Hosting;

/// <summary>One host for the tests of a class; each works under names of its own.</summary>
public sealed class SharedPipelineHost : IAsyncLifetime
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("lzn-state-");
    private readonly AzuriteFixture _azurite = new();

    internal PipelineHost Host { get; private set; } = null!;       // set before the first test

    public async Task InitializeAsync()
    {
        await _azurite.InitializeAsync();
        Host = await PipelineHost.StartAsync(_azurite.ConnectionString, _azurite.NewHub(), _state.FullName);
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        _state.Delete(recursive: true);
    }
}
