using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LznPipeline.LocalHost.Tests.Durable;
using LznPipeline.LocalHost.Tests.Hosting;
using LznPipeline.Testing;

namespace LznPipeline.LocalHost.Tests.Worker;

/// <summary>A host whose worker may be killed.</summary>
public sealed class MistreatedHost : IAsyncLifetime
{
    private SampleHost? _host;

    internal SampleHost Host => _host ?? throw new InvalidOperationException("The fixture has not started yet.");

    public async Task InitializeAsync()
    {
        var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        _host = await SampleHost.StartAsync(azurite.ConnectionString);
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

public sealed class WorkerLossTests(MistreatedHost mistreated) : IClassFixture<MistreatedHost>
{
    private readonly SampleHost _host = mistreated.Host;

    [Fact]
    public async Task WorkerKilled_WhileIdle_IsStartedAgainAndServes()
    {
        var worker = await WorkerAsync();

        await Signals.SendAsync("KILL", worker);

        var next = await Eventually.BecomesAsync(WorkerAsync, id => id != worker);
        Assert.True(Signals.IsAlive(next));
        Assert.Equal("Healthy", await _host.Client.GetStringAsync("healthz/ready"));
        Assert.Equal("xa.b.c.", (await new Management(_host.Client).RunAsync("Chain", "x")).GetString());
    }

    [Fact]
    public async Task WorkerKilled_InAnActivity_RunsItAgainAndTheOrchestrationCompletes()
    {
        var (management, name) = (new Management(_host.Client), $"{Guid.NewGuid():N}");
        var id = await management.StartAsync("HoldActivity", name);
        var worker = int.Parse(Assert.Single(await _host.NotedAsync($"{name}.began")), provider: null);

        await Signals.SendAsync("KILL", worker);
        var workers = await _host.NotedAsync($"{name}.began", lines: 2, TimeSpan.FromSeconds(60));
        _host.Release(name);

        Assert.NotEqual(workers[0], workers[1]);
        Assert.Equal("released", (await management.WaitAsync(id, "Completed")).GetProperty("output").GetString());
    }

    [Fact]
    public async Task WorkerKilled_InAnHttpFunction_CallerIsToldToComeAgain()
    {
        var name = $"{Guid.NewGuid():N}";
        var asking = _host.Client.GetAsync($"api/hold/{name}");
        var worker = int.Parse(Assert.Single(await _host.NotedAsync($"{name}.began")), provider: null);

        await Signals.SendAsync("KILL", worker);

        using var answer = await asking;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private async Task<int> WorkerAsync() => (await _host.Client.GetFromJsonAsync<JsonElement>("api/echo/x")).GetProperty("processId").GetInt32();
}
