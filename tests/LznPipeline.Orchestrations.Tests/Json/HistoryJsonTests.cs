using System.Reflection;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using LznPipeline.Activities.Edge;
using LznPipeline.Orchestrations.Hosting;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Orchestrations.Tests.Replay;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Protobuf;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LznPipeline.Orchestrations.Tests.Json;

/// <summary>What is written into a history is read back as it was, by each of the ways on which the packages write and read.</summary>
public sealed class HistoryJsonTests : IDisposable
{
    private readonly IHost _app = TestApp.Build();

    private DataConverter Client => _app.Services.GetRequiredService<IOptions<DurableTaskClientOptions>>().Value.DataConverter;

    public static TheoryData<string, int> Samples
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var (index, message) in Messages.All.Index())
                data.Add(message.GetType().Name, index);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Activity_InputAndOutput_AreReadAsTheyWereWritten(string type, int sample)
    {
        var converter = _app.Services.GetRequiredService<IOptions<DurableTaskWorkerOptions>>().Value.DataConverter;
        var result = _app.Services.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer!.Serialize(Sample(sample)).ToString();

        AssertSame(sample, converter.Deserialize(converter.Serialize(Sample(sample)), Sample(sample).GetType()));
        AssertSame(sample, converter.Deserialize(result, Sample(sample).GetType()));
        Assert.Equal(type, Sample(sample).GetType().Name);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Orchestration_InputFromAClient_IsReadAsItWasWritten(string type, int sample)
    {
        var read = typeof(HistoryJsonTests).GetMethod(nameof(ReadInput), BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(Sample(sample).GetType());

        AssertSame(sample, read.Invoke(this, [Client.Serialize(Sample(sample))]));
        Assert.Equal(type, Sample(sample).GetType().Name);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Client_ReadsWhatAnOrchestrationWrote(string type, int sample)
    {
        var worker = _app.Services.GetRequiredService<IOptions<DurableTaskWorkerOptions>>().Value.DataConverter;
        var metadata = new OrchestrationMetadata(type, "instance")
        {
            SerializedInput = worker.Serialize(Sample(sample)),
            DataConverter = Client,
        };
        var read = typeof(OrchestrationMetadata).GetMethod(nameof(metadata.ReadInputAs))!.MakeGenericMethod(Sample(sample).GetType());

        AssertSame(sample, read.Invoke(metadata, []));
    }

    [Fact]
    public void Samples_CoverEveryTypeThatActivitiesAndWorkflowsExchange()
    {
        var functions = new[] { typeof(ActivityEdge).Assembly, typeof(PipelineApp).Assembly }
            .SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null).ToArray();
        var inputs = functions.SelectMany(method => method.GetParameters())
            .Where(Triggers<ActivityTriggerAttribute>).Select(parameter => parameter.ParameterType);
        var outputs = functions
            .Where(method => method.GetParameters().Any(given => Triggers<ActivityTriggerAttribute>(given) || Triggers<OrchestrationTriggerAttribute>(given)))
            .Select(method => method.ReturnType).Where(type => type.IsGenericType).Select(type => type.GetGenericArguments()[0]);

        Assert.NotEmpty(inputs);
        Assert.NotEmpty(outputs);
        Assert.Empty(inputs.Concat(outputs).Except(Messages.All.Select(message => message.GetType())));
    }

    [Fact]
    public void Input_FromANewerVersion_IsReadWithoutTheFieldThatItDoesNotKnow() =>
        Assert.Equal(new ReembedRequest(Messages.Dataset, Messages.Model), ReadInput<ReembedRequest>(
            """{ "Dataset": { "name": "cats", "version": "0123456789abcdef" }, "model": { "name": "lzn", "version": "fedcba9876543210", "x": 1 }, "y": 1 }"""));

    public void Dispose() => _app.Dispose();

    private static bool Triggers<T>(ParameterInfo parameter)
        where T : Attribute => parameter.GetCustomAttribute<T>() is not null;

    /// <summary>The input as an orchestration gets it from the durable extension's context.</summary>
    private T? ReadInput<T>(string json)
    {
        var read = default(T);
        var instance = new OrchestrationInstance { InstanceId = "read", ExecutionId = "execution" };
        var begun = new ExecutionStartedEvent { Name = "Read", Input = json, OrchestrationInstance = instance };
        HistoryEvent[] news =
        [
            new() { EventId = -1, Timestamp = new Timestamp(), OrchestratorStarted = new OrchestratorStartedEvent() },
            new() { EventId = -1, Timestamp = new Timestamp(), ExecutionStarted = begun },
        ];
        var response = new WorkerTurns(_app.Services).Run(new OrchestratorRequest { InstanceId = "read", NewEvents = { news } }, context =>
        {
            read = context.GetInput<T>();
            return Task.FromResult<object?>(null);
        });
        Assert.Equal(OrchestrationStatus.Completed, Assert.Single(response.Actions).CompleteOrchestration.OrchestrationStatus);
        return read;
    }

    private static object Sample(int index) => Messages.All.ElementAt(index);

    /// <summary>Records with arrays in them have no equality of their own, so their full text is compared.</summary>
    private static void AssertSame(int sample, object? read) =>
        Assert.Equal(JsonSerializer.Serialize(Sample(sample), LznJson.Readable), JsonSerializer.Serialize(read, LznJson.Readable));
}
