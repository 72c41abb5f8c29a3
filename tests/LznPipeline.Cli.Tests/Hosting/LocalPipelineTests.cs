using LznPipeline.Cli.Hosting;
using LznPipeline.Testing;

namespace LznPipeline.Cli.Tests.Hosting;

public sealed class LocalPipelineTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _state = Directory.CreateTempSubdirectory("lzn-up-").FullName;

    [Fact]
    public async Task Up_HostIsKilled_IsStartedAgainAtTheSameAddress()
    {
        await using var pipeline = await LocalPipeline.StartAsync(_state, hostPort: 0, ports: null, (_, _) => { }, default);
        var (first, url) = (UpFile.Read(_state)!, pipeline.Url);       // written before the start ends

        using (var host = System.Diagnostics.Process.GetProcessById(first.HostId))
            host.Kill();

        var second = await Eventually.Becomes(() => UpFile.Read(_state), up => up is not null && up.HostId != first.HostId, Patience);
        using var client = new HttpClient { BaseAddress = url };
        Assert.Equal(url, second!.Url);     // it was just seen
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("healthz/ready", UriKind.Relative)));
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);
}
