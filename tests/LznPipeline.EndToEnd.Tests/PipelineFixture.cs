using System.Text.Json;
using LznPipeline.Cli.Api;
using LznPipeline.Cli.Hosting;
using LznPipeline.Cli.Pictures;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.EndToEnd.Tests;

/// <summary>The real programs: storage, the function host and the jobs that it starts. Tests that kill the host start it again on the same storage.</summary>
public sealed class PipelineFixture : IAsyncLifetime
{
    private const int PicturesPerClass = 110;       // more than one shard, so more than one part
    private const int PictureSeed = 7;

    private static readonly (string Name, object Value)[] EveryObjective =
    [
        ("image.size", 16), ("encoder.latentDimension", 16), ("encoder.channels", new[] { 16, 16 }), ("flow.steps", 5),
        ("training.batchSize", 32), ("training.checkpointEvery", 10), ("training.iterations", 60),
    ];

    private static readonly (string Name, object Value)[] Decoding =
    [
        ("decoder.channels", new[] { 16, 16 }), ("decoder.conditionDimension", 32), ("training.decoderBatchSize", 16),
        ("sampling.steps", 4), ("sampling.columns", 2),
        ("evaluation.images.samples", 20), ("evaluation.images.seeds", 1), ("evaluation.images.reconstructions", 4),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("lzn-end-to-end-").FullName;
    private AzuriteProcess? _azurite;
    private HostProcess? _host;
    private Task<RunDetail>? _undisturbed;

    internal static TimeSpan Patience { get; } = TimeSpan.FromMinutes(4);

    internal string Pictures => Path.Combine(_folder, "pictures");

    internal ArtifactStore Store { get; private set; } = new FolderArtifactStore(Path.GetTempPath());

    internal PipelineClient Client { get; private set; } = new(new Uri("http://127.0.0.1"));

    internal HostProcess Host => _host ?? throw new InvalidOperationException("The host is not running.");

    public async Task InitializeAsync()
    {
        PictureSet.Make(Pictures, PicturesPerClass, PictureSeed);
        _azurite = await AzuriteProcess.StartAsync(folder: null, new AzuritePorts(), default);
        Store = await StoreAddress.OpenAsync(_azurite.ConnectionString, default);
        await StartHostAsync();
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        Client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A request that two cores finish in well under a minute.</summary>
    internal TrainRequest Request(string name) => new()
    {
        Name = name,
        Dataset = new DatasetRequest { Name = "shapes", Source = Pictures },
        ImagesPerPart = 1,      // a part for each shard
        Set = Fields([.. EveryObjective, .. Decoding, ("labelFlow.steps", 5)]),
    };

    /// <summary>The same of another objective.</summary>
    internal TrainRequest Request(string name, string preset) => Request(name) with
    {
        Preset = preset,
        Set = Fields([.. EveryObjective, .. preset.StartsWith("case2", StringComparison.Ordinal) ? [] : Decoding]),
    };

    /// <summary>A run that nothing disturbs, for others to be compared with.</summary>
    internal Task<RunDetail> UndisturbedAsync() => _undisturbed ??= RunAsync(Request("undisturbed"));

    internal async Task<RunDetail> RunAsync(TrainRequest request) => await EndAsync((await Client.TrainAsync(request, default)).RunId);

    /// <summary>Waits for the end of a run.</summary>
    internal Task<RunDetail> EndAsync(string run) => BecomesAsync(run, seen => seen.Status is not ("Pending" or "Running"));

    internal Task<RunDetail> BecomesAsync(string run, Predicate<RunDetail> holds) =>
        Eventually.BecomesAsync(() => Client.RunAsync(run, default), holds, Patience);

    /// <summary>Kills the host as a power cut would, and starts it again.</summary>
    internal async Task KillHostAsync()
    {
        using var process = System.Diagnostics.Process.GetProcessById(Host.Id);
        process.Kill();
        await Host.WaitAsync(default);
        await Host.DisposeAsync();
        Client.Dispose();
        await StartHostAsync();
    }

    internal static SortedDictionary<string, JsonElement> Fields(params (string Name, object Value)[] fields) =>
        new(fields.ToDictionary(field => field.Name, field => JsonSerializer.SerializeToElement(field.Value)));

    private async Task StartHostAsync()
    {
        var settings = new Dictionary<string, string?> { ["Lzn__StateFolder"] = Path.Combine(_folder, "state"), ["Lzn__Sources__0"] = Path.GetTempPath() };
        _host = await HostProcess.StartAsync(_azurite!.ConnectionString, port: 0, settings, default);      // Azurite runs: InitializeAsync came first
        Client = new PipelineClient(_host.Url);
    }
}

/// <summary>All end-to-end tests share one pipeline and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OnePipeline : ICollectionFixture<PipelineFixture>
{
    internal const string Name = "pipeline";
}
