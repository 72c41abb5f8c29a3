using LznPipeline.Testing;

namespace LznPipeline.LocalHost.Tests.Hosting;

/// <summary>One host in Development for every test that leaves it as it was.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    internal const int BodyLimit = 1_000_000;

    private SampleHost? _host;

    internal SampleHost Host => _host ?? throw new InvalidOperationException("The fixture has not started yet.");

    internal HttpClient Client => Host.Client;

    public async Task InitializeAsync()
    {
        var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        _host = await SampleHost.StartAsync(azurite.ConnectionString, ("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", $"{BodyLimit}"));
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class OnSharedHost : ICollectionFixture<SharedHost>
{
    internal const string Name = "on one host";
}
