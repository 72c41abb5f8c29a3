using System.Net.Http.Json;
using System.Text.Json;
using LznPipeline.Cli.Hosting;
using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Shared;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Sources;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.Orchestrations.Tests.Hosting;

/// <summary>The whole app in a host process of its own, on a free port and a task hub of its own, with fake GPU jobs in real processes.</summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly HostProcess _host;
    private readonly Task _output;

    private PipelineHost(HostProcess host, ArtifactStore store)
    {
        (_host, Store) = (host, store);
        Client = new HttpClient { BaseAddress = host.Url };
        _output = ReadOutputAsync();
    }

    internal HttpClient Client { get; }

    internal int ProcessId => _host.Id;

    internal ArtifactStore Store { get; }

    /// <param name="hub">The same hub again continues what the last host left.</param>
    /// <param name="settings">App settings beside the usual ones, as environment variables.</param>
    internal static async Task<PipelineHost> StartAsync(string storage, string hub, string state, params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["AzureFunctionsJobHost__extensions__durableTask__hubName"] = hub,
            ["ReembedSchedule"] = "0 0 2 * * *",
            ["Lzn__GpuJob"] = typeof(FakeGpuJob).Assembly.Location,
            ["Lzn__StateFolder"] = state,
            ["Lzn__Sources__0"] = Path.GetTempPath(),
            ["Lzn__Sources__1"] = SourceAddress.BlobPrefix,
            ["Lzn__MaxLocalJobs"] = "4",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        var host = await HostProcess.StartAsync(storage, port: 0, all, CancellationToken.None);
        return new PipelineHost(host, await StoreAddress.OpenAsync(storage, CancellationToken.None));
    }

    /// <summary>Posts a request and returns the run's id.</summary>
    internal async Task<string> TrainAsync(object request)
    {
        using var response = await Client.PostAsJsonAsync("api/train", request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Accepted, $"{response.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("runId").GetString()!;
    }

    internal async Task<RunDetail> GetAsync(string runId)
    {
        using var response = await Client.GetAsync($"api/runs/{runId}");
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {body}");
        return JsonSerializer.Deserialize<RunDetail>(body, LznJson.Options)!;
    }

    /// <summary>Asks until the answer is no longer that the app is being started again.</summary>
    internal static Task<T> PatientlyAsync<T>(Func<Task<T>> ask, Predicate<T> holds, TimeSpan patience) => Eventually.BecomesAsync(
        async () =>
        {
            try
            {
                return await ask();
            }
            catch (Xunit.Sdk.TrueException refused)
            {
                throw new HttpRequestException(refused.Message, refused);       // a state that does not hold, not the end of the test
            }
        },
        holds,
        patience);

    internal Task<RunDetail> WaitAsync(string runId, string status) => WaitAsync(runId, run => run.Status == status);

    /// <summary>Waits until the run is so; fails at once when it ended otherwise.</summary>
    internal Task<RunDetail> WaitAsync(string runId, Predicate<RunDetail> holds) => Eventually.BecomesAsync(
        async () =>
        {
            var run = await GetAsync(runId);
            return holds(run) || run.Status is not ("Failed" or "Completed" or "Terminated")
                ? run
                : throw new Xunit.Sdk.XunitException($"The run ended as {run.Status}: {run.Failure}");
        },
        holds,
        Patience);

    /// <summary>Orchestrations of the hub, as the durable extension's management API tells them.</summary>
    /// <param name="prefix">Of their ids.</param>
    internal async Task<Instance[]> InstancesAsync(string prefix = "")
    {
        var json = await Client.GetStringAsync($"runtime/webhooks/durabletask/instances?instanceIdPrefix={Uri.EscapeDataString(prefix)}&top=1000");
        return JsonSerializer.Deserialize<Instance[]>(json, JsonSerializerOptions.Web)!;
    }

    /// <summary>Starts a function that has no HTTP trigger, as an operator does by hand.</summary>
    internal async Task StartFunctionAsync(string name)
    {
        using var response = await Client.PostAsJsonAsync($"admin/functions/{name}", new { input = "" });
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }

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
        await _host.DisposeAsync();
        await _output;
    }

    /// <remarks>A host whose output nobody reads stops when the pipe is full.</remarks>
    private async Task ReadOutputAsync()
    {
        await foreach (var line in _host.Lines.ReadAllAsync())
            Console.WriteLine(line);
    }
}

internal sealed record Instance(
    string Name, string InstanceId, string RuntimeStatus, DateTimeOffset CreatedTime, DateTimeOffset LastUpdatedTime, JsonElement? Input);
