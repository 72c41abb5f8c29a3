using System.Collections.Concurrent;
using System.Text.Json;
using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Planning;
using LznPipeline.Activities.Publishing;
using LznPipeline.Orchestrations.Hosting;
using LznPipeline.Orchestrations.Tests.Json;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.Orchestrations.Tests.Workflows;

/// <summary>What activities and child workflows give to workflows under test: nothing was made before, and every job ends well.</summary>
internal sealed class FakeAnswers
{
    private static readonly SortedDictionary<string, double> Metrics = new() { ["accuracy"] = 0.9 };

    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentDictionary<string, Queue<Exception>> _failures = new();
    private readonly Dictionary<string, Func<string?, object?>> _answers;
    private readonly Queue<JobState?> _sights = new();
    private string[] _missing = ["embed-00000-11111111", "embed-00001-22222222"];

    internal FakeAnswers() => _answers = new Dictionary<string, Func<string?, object?>>
    {
        [nameof(ValidateRequest)] = _ => null,
        [nameof(PlanDataset)] = _ => new DatasetPlan(Messages.Dataset, new JobRef("lzn-1", "prepare-00000000")),
        [nameof(PublishDataset)] = _ => null,
        [nameof(PlanTraining)] = _ => new TrainingPlan(Messages.Model, Messages.Job, Metrics: null),
        [nameof(PublishWeights)] = _ => Messages.Weights,
        [nameof(PlanEvaluation)] = _ => new JobRef("lzn-1", "evaluate-00000000"),
        [nameof(RegisterModel)] = _ => Metrics,
        [nameof(PlanEmbedding)] = _ => new MissingParts(Interlocked.Exchange(ref _missing, []), AtOnce: 1),
        [nameof(PublishPart)] = _ => null,
        [nameof(PublishEmbeddings)] = _ => new EmbeddingsRef("embeddings/cats", 2, 20, 64),
        [nameof(RunGpuJob)] = watch => new FinishedJob(Read<GpuJobWatch>(watch).Job, Attempt: 1),
        [nameof(PollGpuJob)] = _ => See(),
        [nameof(SubmitGpuJob)] = _ => null,
        [nameof(CancelRun)] = _ => 2,
    };

    /// <summary>Names of what was called, in order; a child workflow with its step.</summary>
    internal IReadOnlyList<string> Calls => [.. _calls];

    internal IEnumerable<string> Names => _answers.Keys;

    /// <summary>Everything was made before.</summary>
    internal static FakeAnswers Reusing()
    {
        var answers = new FakeAnswers { _missing = [] };
        answers._answers[nameof(PlanDataset)] = _ => new DatasetPlan(Messages.Dataset, Job: null);
        answers._answers[nameof(PlanTraining)] = _ => new TrainingPlan(Messages.Model, Job: null, Metrics);
        return answers;
    }

    internal FakeAnswers Failing(string name, Exception failure)
    {
        _answers[name] = _ => throw failure;
        return this;
    }

    /// <summary>Keeps what an activity is called with.</summary>
    internal FakeAnswers Noting<T>(string name, List<T> seen)
    {
        var answer = _answers[name];
        _answers[name] = input =>
        {
            seen.Add(Read<T[]>(input).Single());        // an activity has a list of inputs
            return answer(input);
        };
        return this;
    }

    internal FakeAnswers FailingOnce(string name, Exception failure)
    {
        _failures[name] = new Queue<Exception>([failure]);
        return this;
    }

    /// <summary>What looks at jobs show, one after the other; the last one from then on. Without it every job is done.</summary>
    internal FakeAnswers Seeing(params JobState?[] states)
    {
        foreach (var state in states)
            _sights.Enqueue(state);
        return this;
    }

    /// <param name="input">JSON.</param>
    internal object? For(string name, string? input)
    {
        _calls.Enqueue(name is nameof(RunGpuJob) ? $"{name} {Read<GpuJobWatch>(input).Job.Name}" : name);
        return _failures.TryGetValue(name, out var failures) && failures.TryDequeue(out var failure) ? throw failure : _answers[name](input);
    }

    private static T Read<T>(string? json) => JsonSerializer.Deserialize<T>(json!, HistoryJson.Options)!;      // inputs are no nulls

    private JobSighting See()
    {
        var state = _sights.Count > 1 ? _sights.Dequeue() : _sights.TryPeek(out var last) ? last : JobState.Done;
        var failure = state is JobState.Lost or JobState.Failed ? new JobFailure(ExitCode.TryAgain, "gone") : null;
        return new JobSighting(1, state, "etag", LastCheckpoint: null, failure, PollSeconds: 2);
    }
}
