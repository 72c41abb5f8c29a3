using LznPipeline.Activities.Edge;
using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Planning;
using LznPipeline.Activities.Publishing;
using LznPipeline.Orchestrations.Tests.Json;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Runs;
using Microsoft.DurableTask.Client;

namespace LznPipeline.Orchestrations.Tests.Workflows;

/// <summary>Which steps workflows take, on the package's in-memory engine.</summary>
public sealed class WorkflowStepsTests
{
    private static readonly string[] Embed =
    [
        nameof(PlanEmbedding), nameof(PollGpuJob), nameof(PublishPart), nameof(PollGpuJob), nameof(PublishPart), nameof(PlanEmbedding),
        nameof(PublishEmbeddings),
    ];

    [Fact]
    public async Task Train_NothingIsThere_TakesEveryStepInOrderAndGivesWhatWasPublished()
    {
        var answers = new FakeAnswers();

        var run = await WorkflowHost.RunAsync(answers, nameof(TrainWorkflow), "lzn-1", Messages.Bare);

        Assert.Equal(
            [
                nameof(ValidateRequest), nameof(PlanDataset), nameof(PollGpuJob), nameof(PublishDataset),
                nameof(PlanTraining), nameof(PollGpuJob), nameof(PublishWeights),
                nameof(PlanEvaluation), nameof(PollGpuJob), nameof(RegisterModel), .. Embed,
            ],
            answers.Calls);
        Assert.Equal((OrchestrationRuntimeStatus.Completed, RunSteps.Publish), (run.RuntimeStatus, run.ReadCustomStatusAs<string>()));
        var result = run.ReadOutputAs<TrainResult>()!;
        Assert.Equal((Messages.Dataset, Messages.Model, new EmbeddingsRef("embeddings/cats", 2, 20, 64)), (result.Dataset, result.Model, result.Embeddings));
        Assert.Equal(0.9, result.Metrics["accuracy"]);
    }

    [Fact]
    public async Task Train_EverythingIsThere_RunsNoJob()
    {
        var answers = FakeAnswers.Reusing();

        var run = await WorkflowHost.RunAsync(answers, nameof(TrainWorkflow), "lzn-1", Messages.Bare);

        Assert.Equal([nameof(ValidateRequest), nameof(PlanDataset), nameof(PlanTraining), nameof(PlanEmbedding), nameof(PublishEmbeddings)], answers.Calls);
        Assert.Equal(0.9, run.ReadOutputAs<TrainResult>()!.Metrics["accuracy"]);
    }

    [Theory]
    [InlineData(nameof(ValidateRequest), RunSteps.Validate)]
    [InlineData(nameof(PlanDataset), RunSteps.Prepare)]
    [InlineData(nameof(PublishDataset), RunSteps.Prepare)]
    [InlineData(nameof(PlanTraining), RunSteps.Train)]
    [InlineData(nameof(PublishWeights), RunSteps.Train)]
    [InlineData(nameof(PlanEvaluation), RunSteps.Evaluate)]
    [InlineData(nameof(RegisterModel), RunSteps.Register)]
    [InlineData(nameof(PlanEmbedding), RunSteps.Embed)]
    [InlineData(nameof(PublishPart), RunSteps.Embed)]
    [InlineData(nameof(PublishEmbeddings), RunSteps.Publish)]
    public async Task Train_ActivityFailsForGood_EndsThereAtOnceAndNamesTheStep(string activity, string step)
    {
        var answers = new FakeAnswers().Failing(activity, new PermanentFailureException("It is broken."));

        var run = await WorkflowHost.RunAsync(answers, nameof(TrainWorkflow), "lzn-1", Messages.Bare);

        Assert.Equal((OrchestrationRuntimeStatus.Failed, step), (run.RuntimeStatus, run.ReadCustomStatusAs<string>()));
        Assert.Equal($"Step {step} failed: It is broken.", run.FailureDetails!.ErrorMessage);
        Assert.Equal(activity, answers.Calls[^1]);
        Assert.Single(answers.Calls, activity);
    }

    [Fact]
    public async Task Train_JobWasCancelled_SaysWhatItsChildSaid()
    {
        var answers = new FakeAnswers().Seeing(JobState.Cancelled);

        var run = await WorkflowHost.RunAsync(answers, nameof(TrainWorkflow), "lzn-1", Messages.Bare);

        Assert.Equal("Step prepare failed: The job was cancelled.", run.FailureDetails!.ErrorMessage);
    }

    [Fact]
    public async Task Reembed_TwoPartsAreMissing_EmbedsThemAndPublishes()
    {
        var answers = new FakeAnswers();

        var night = await WorkflowHost.RunAsync(answers, nameof(ReembedWorkflow), "reembed-1", new ReembedRequest(Messages.Dataset, Messages.Model));

        Assert.Equal(Embed, answers.Calls);
        Assert.Equal(new EmbeddingsRef("embeddings/cats", 2, 20, 64), night.ReadOutputAs<EmbeddingsRef>());
    }
}
