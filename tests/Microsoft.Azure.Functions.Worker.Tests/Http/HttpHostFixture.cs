using Microsoft.Azure.Functions.Worker.Tests.Hosting;
using Microsoft.Azure.Functions.Worker.Tests.Sample;

namespace Microsoft.Azure.Functions.Worker.Tests.Http;

public sealed class HttpHostFixture : IAsyncLifetime
{
    internal TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await TestHost.StartAsync([typeof(HttpSamples)]);

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
