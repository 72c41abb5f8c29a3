using System.Text.Json;
using System.Text.Json.Nodes;
using Lzn.Durable.History;
using Microsoft.DurableTask.Client;

namespace Lzn.Functions.Management;

/// <summary>
/// The <c>historyEvents</c> of the status object. A call that has ended appears as its end, with its schedule's time, name and input folded in;
/// turns and custom statuses do not appear.
/// </summary>
internal sealed class HistoryEventsJson
{
    private readonly bool _showInput;
    private readonly bool _showOutput;
    private readonly Dictionary<int, (Call Call, DateTimeOffset At)> _calls = [];
    private readonly HashSet<int> _ended;

    private HistoryEventsJson(IReadOnlyList<HistoryBatch> turns, bool showInput, bool showOutput)
    {
        (_showInput, _showOutput) = (showInput, showOutput);
        foreach (var turn in turns)
        {
            foreach (var call in turn.Decided.OfType<Call>())
                _calls[call.Id] = (call, turn.At);
        }

        _ended = [.. turns.SelectMany(turn => turn.Arrived).Select(EndedCall).OfType<int>()];
    }

    public static async Task<JsonArray> OfAsync(ManagementRequest request, OrchestrationMetadata instance, bool showInput, bool showOutput)
    {
        var turns = await request.Client.GetHistoryAsync(instance.InstanceId, request.Stop).ConfigureAwait(false) ?? [];
        return Of(turns, showInput, showOutput);
    }

    public static JsonArray Of(IReadOnlyList<HistoryBatch> turns, bool showInput, bool showOutput)
    {
        var events = new HistoryEventsJson(turns, showInput, showOutput);
        return new JsonArray([.. turns.SelectMany(turn => turn.Arrived.Concat(turn.Decided).Select(happened => events.Entry(happened, turn.At)).OfType<JsonObject>())]);
    }

    private JsonObject? Entry(HistoryEvent happened, DateTimeOffset at) => happened switch
    {
        ExecutionStarted started => With(New("ExecutionStarted", at), ("FunctionName", started.Name), ("Input", Input(started.Input))),
        TaskCompleted completed => With(Ended(completed.Id, "Completed", at), ("Result", Output(completed.Result))),
        TaskFailed failed => With(
            Ended(failed.Id, "Failed", at),
            ("Reason", failed.Failure.ErrorMessage),
            ("Details", failed.Failure.StackTrace),
            ("FailureDetails", JsonSerializer.SerializeToNode(failed.Failure))),
        TimerCreated timer => With(New("TimerCreated", at), ("FireAt", timer.FireAt)),
        TimerFired fired => With(New("TimerFired", at), ("FireAt", _calls.TryGetValue(fired.Id, out var timer) && timer.Call is TimerCreated created ? created.FireAt : null)),
        EventRaised raised => With(New("EventRaised", at), ("Name", raised.Name), ("Input", Input(raised.Input))),
        EventSent sent => With(New("EventSent", at), ("InstanceId", sent.InstanceId), ("Name", sent.Name), ("Input", Input(sent.Input))),
        TaskScheduled task when !_ended.Contains(task.Id) => With(New("TaskScheduled", at), ("FunctionName", task.Name), ("Input", Input(task.Input))),
        SubOrchestrationScheduled child when !_ended.Contains(child.Id) =>
            With(New("SubOrchestrationInstanceCreated", at), ("FunctionName", child.Name), ("InstanceId", child.InstanceId), ("Input", Input(child.Input))),
        ExecutionSuspended suspended => With(New("ExecutionSuspended", at), ("Reason", suspended.Reason)),
        ExecutionResumed resumed => With(New("ExecutionResumed", at), ("Reason", resumed.Reason)),
        ExecutionRewound rewound => With(New("ExecutionRewound", at), ("Reason", rewound.Reason)),
        ExecutionTerminated terminated => With(New("ExecutionTerminated", at), ("Input", Input(terminated.Output))),
        ContinuedAsNew next => With(New("ContinueAsNew", at), ("Input", Input(next.Input))),
        ExecutionCompleted completed => With(New("ExecutionCompleted", at), ("OrchestrationStatus", completed.Status.ToString()), ("Result", Output(completed.Result))),
        _ => null,
    };

    private JsonObject Ended(int id, string how, DateTimeOffset at)
    {
        var (call, scheduled) = _calls.GetValueOrDefault(id);
        var (kind, name, input) = call switch
        {
            SubOrchestrationScheduled child => ("SubOrchestrationInstance", child.Name, child.Input),
            TaskScheduled task => ("Task", task.Name, task.Input),
            _ => ("Task", null, null),
        };
        return With(New(kind + how, at), ("ScheduledTime", scheduled.UtcDateTime), ("FunctionName", name), ("Input", Input(input)));
    }

    private static int? EndedCall(HistoryEvent happened) => happened switch
    {
        TaskCompleted completed => completed.Id,
        TaskFailed failed => failed.Id,
        _ => null,
    };

    private JsonNode? Input(Payload? payload) => _showInput ? InstanceStatusJson.Parsed(payload?.Text) : null;

    private JsonNode? Output(Payload? payload) => _showOutput ? InstanceStatusJson.Parsed(payload?.Text) : null;

    private static JsonObject New(string type, DateTimeOffset at) => new() { ["EventType"] = type, ["Timestamp"] = at.UtcDateTime };

    private static JsonObject With(JsonObject entry, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        foreach (var (name, value) in fields)
        {
            if (value is not null)
                entry[name] = value;
        }

        return entry;
    }
}
