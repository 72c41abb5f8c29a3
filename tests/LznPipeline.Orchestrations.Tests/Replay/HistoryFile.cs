using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.DurableTask.Protobuf;

namespace LznPipeline.Orchestrations.Tests.Replay;

/// <summary>A turn as a file: events and decisions in the protocol's own JSON, one a line.</summary>
internal static class HistoryFile
{
    internal static void Write(string path, Turn turn)
    {
        var text = new StringBuilder("{\n  \"workflow\": ").Append(JsonSerializer.Serialize(turn.Workflow));
        text.Append(",\n  \"instance\": ").Append(JsonSerializer.Serialize(turn.Request.InstanceId));
        Append(text, "past", turn.Request.PastEvents);
        Append(text, "new", turn.Request.NewEvents);
        Append(text, "decisions", turn.Response.Actions);
        text.Append(",\n  \"status\": ").Append(JsonSerializer.Serialize(turn.Response.CustomStatus)).Append("\n}\n");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);       // histories lie in folders
        File.WriteAllText(path, text.ToString());
    }

    internal static Turn Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var file = document.RootElement;
        var instance = file.GetProperty("instance").GetString();
        var request = new OrchestratorRequest { InstanceId = instance, ExecutionId = "execution" };
        request.PastEvents.Add(Parse(file, "past", HistoryEvent.Parser));
        request.NewEvents.Add(Parse(file, "new", HistoryEvent.Parser));
        var response = new OrchestratorResponse { InstanceId = instance, CustomStatus = file.GetProperty("status").GetString() };
        response.Actions.Add(Parse(file, "decisions", OrchestratorAction.Parser));
        return new Turn(file.GetProperty("workflow").GetString()!, request, response);
    }

    private static void Append(StringBuilder text, string name, IEnumerable<IMessage> messages) =>
        text.Append($",\n  \"{name}\": [").AppendJoin(',', messages.Select(message => $"\n    {JsonFormatter.Default.Format(message)}")).Append("\n  ]");

    private static IEnumerable<T> Parse<T>(JsonElement file, string name, MessageParser<T> parser)
        where T : IMessage<T> => file.GetProperty(name).EnumerateArray().Select(message => parser.ParseJson(message.GetRawText()));
}
