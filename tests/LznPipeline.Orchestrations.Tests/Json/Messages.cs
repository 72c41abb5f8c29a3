using System.Text.Json;
using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Planning;
using LznPipeline.Activities.Publishing;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Runs;

namespace LznPipeline.Orchestrations.Tests.Json;

/// <summary>Everything that travels through a history, with each enum's each value, nulls, and texts and numbers that a careless serializer changes.</summary>
internal static class Messages
{
    private const string Odd = "ünïcode \"quoted\" <tag> & 2026-01-02T03:04:05.6780000+02:00 \n\u2028 \\";

    internal static DatasetRef Dataset { get; } = new("cats", "0123456789abcdef");

    internal static ModelRef Model { get; } = new("lzn", "fedcba9876543210");

    internal static JobRef Job { get; } = new("lzn-1", "train-5f0c91d2");

    internal static StoredFile Weights { get; } = new("model.safetensors", 3_000_000_000, new string('a', 64));

    internal static TrainRequest Bare { get; } = new() { Name = "lzn", Dataset = new DatasetRequest { Name = "cats", Source = "/data/cats" } };

    private static SortedDictionary<string, double> Metrics { get; } = new()
    {
        ["accuracy"] = 0.1 + 0.2, ["tiny"] = double.Epsilon, ["huge"] = double.MaxValue, ["below"] = -1e-17,
    };

    private static EmbeddingsRef Embeddings { get; } = new("embeddings/cats/1/lzn/2", 3, long.MaxValue, 64);

    internal static IEnumerable<object> All =>
    [
        .. Requests,
        .. Requests.Select(request => new RunRequest("lzn-1", request)),
        .. Requests.Select(request => new TrainingInput("lzn-1", request, Dataset)),
        .. Requests.Select(request => new MeasuredModel("lzn-1", request, Dataset, Model, Weights, new FinishedJob(Job, 3))),
        new TrainResult(Dataset, Model, Metrics, Embeddings),
        new DatasetPlan(Dataset, Job),
        new DatasetPlan(Dataset, Job: null),
        new TrainingPlan(Model, Job, Metrics: null),
        new TrainingPlan(Model, Job: null, Metrics),
        Metrics,
        Weights,
        Job,
        Embeddings,
        new FinishedJob(Job, int.MaxValue),
        new TrainedModel(new FinishedJob(Job, 1), Model),
        new EvaluationInput("lzn-1", Dataset, Model, Weights, Job, long.MinValue),
        new EmbeddingInput("lzn-1", Dataset, Model, 1000),
        new EmbeddingInput("lzn-1", Dataset, Model, 1000) { Record = false },
        new EmbeddedDataset(Dataset, Model),
        new MissingParts([], 4),
        new MissingParts(["embed-00000-5f0c91d2", "embed-00001-5f0c91d2"], 4),
        new ReembedRequest(Dataset, Model),
        new RunToCancel("lzn-1", "lzn-1.", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(6_789_012)),
        new GpuJobWatch(Job),
        new GpuJobWatch(Job) { Submitted = true, Failures = 4, Checkpoint = Odd, PauseSeconds = 0.1 + 0.2 },
        .. Sightings,
        .. Sightings.Select(sighting => new JobSubmission(Job, sighting)),
        "lzn-1",
        Odd,
        7,
    ];

    private static IEnumerable<TrainRequest> Requests =>
    [
        Bare,
        .. Enum.GetValues<BadImagePolicy>().Select(policy => Bare with
        {
            Dataset = Bare.Dataset with { Classes = [Odd, ""], MaxImages = 2, TestFraction = 0.1 + 0.2, OnBadImage = policy },
            Set = new SortedDictionary<string, JsonElement>
            {
                ["training.batchSize"] = JsonElement.Parse("64"),
                ["training.budget"] = JsonElement.Parse("null"),
                ["text"] = JsonSerializer.SerializeToElement(Odd),
            },
            Seed = long.MaxValue,
            StartFrom = Odd,
        }),
    ];

    private static IEnumerable<JobSighting> Sightings =>
    [
        new JobSighting(0, null, null, null, null, 0.25),
        .. Enum.GetValues<JobState>().Select(state => new JobSighting(2, state, "\"0x8DD\"", "a-checkpoint", new JobFailure(ExitCode.JobIsWrong, Odd), 2)
        {
            BestCheckpoint = new ScoredCheckpoint("best", 1e-9),
        }),
    ];
}
