using System.Net.Http.Json;
using System.Text.Json;
using Lzn.Functions;
using LznPipeline.Orchestrations.Hosting;
using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Shared;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Orchestrations.Tests.Hosting;

/// <summary>The whole app on a free port and a task hub of its own, with fake GPU jobs in real processes.</summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly IHost _host;

    private PipelineHost(IHost host, ArtifactStore store)
    {
        (_host, Store) = (host, store);
        Client = new HttpClient { BaseAddress = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
    }

    internal HttpClient Client { get; }

    internal ArtifactStore Store { get; }

    internal IServiceProvider Services => _host.Services;

    /// <param name="hub">The same hub again continues what the last host left.</param>
    /// <param name="functions">Functions of a test, in place of the app's own.</param>
    /// <param name="settings">App settings beside the usual ones.</param>
    internal static async Task<PipelineHost> StartAsync(string storage, string hub, string state, Type[]? functions = null, params (string Name, string? Value)[] settings)
    {
        Directory.CreateDirectory(state);
        await File.WriteAllTextAsync(Path.Combine(state, "host.json"), $$"""{ "version": "2.0", "extensions": { "durableTask": { "hubName": "{{hub}}" } } }""");
        var builder = FunctionsApplication.CreateBuilder(["--port", "0", "--environment", "Development", "--contentRoot", state]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [StoreAddress.Setting] = storage,
            ["ReembedSchedule"] = "0 0 2 * * *",
            ["Lzn:GpuJob"] = typeof(FakeGpuJob).Assembly.Location,
            ["Lzn:StateFolder"] = state,
            ["Lzn:MaxLocalJobs"] = "4",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
        builder.ConfigureFunctionsWebApplication();
        if (functions is null)
            builder.UseFunctionsOf(typeof(PipelineApp).Assembly);
        else
            builder.UseFunctionsOf(functions);
        builder.AddPipeline();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var host = builder.Build();
        await host.StartAsync();
        return new PipelineHost(host, await StoreAddress.OpenAsync(storage, CancellationToken.None));
    }

    /// <summary>Posts a request and returns the run's id.</summary>
    internal async Task<string> TrainAsync(object request)
    {
        using var response = await Client.PostAsJsonAsync("api/train", request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Accepted, $"{response.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
    }

    internal async Task<RunDetail> GetAsync(string runId)
    {
        using var response = await Client.GetAsync($"api/runs/{runId}");
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {body}");
        return JsonSerializer.Deserialize<RunDetail>(body, LznJson.Options)!;
    }

    internal Task<RunDetail> WaitAsync(string runId, string status) => WaitAsync(runId, run => run.Status == status);

    /// <summary>Waits until the run is so; fails at once when it ended otherwise.</summary>
    internal Task<RunDetail> WaitAsync(string runId, Predicate<RunDetail> holds) => Eventually.BecomesAsync(
        async () =>
        {
            var run = await GetAsync(runId);
            return holds(run) || run.Status is not ("Failed" or "Completed" or "Terminated") ? run : throw new Xunit.Sdk.XunitException($"The run ended as {run.Status}: {run.Failure}");
        },
        holds,
        Patience);

    internal async Task<string[]> ListAsync(string prefix)
    {
        var names = new List<string>();
        await foreach (var name in Store.ListAsync(prefix, CancellationToken.None))
            names.Add(name);
        return [.. names];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
