using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DurableTask.Client;

namespace Lzn.Functions.Management;

/// <summary>The status object of the management API.</summary>
internal static class InstanceStatusJson
{
    /// <param name="instance">Fetched with inputs and outputs.</param>
    /// <param name="history">Added as <c>historyEvents</c> when given.</param>
    public static JsonObject Of(OrchestrationMetadata instance, bool showInput, JsonArray? history = null)
    {
        var status = new JsonObject
        {
            ["name"] = instance.Name,
            ["instanceId"] = instance.InstanceId,
            ["runtimeStatus"] = instance.RuntimeStatus.ToString(),
            ["input"] = showInput ? Parsed(instance.SerializedInput) : null,
            ["customStatus"] = Parsed(instance.SerializedCustomStatus),
            ["output"] = Output(instance),
            ["createdTime"] = Seconds(instance.CreatedAt),
            ["lastUpdatedTime"] = Seconds(instance.LastUpdatedAt),
        };
        if (history is not null)
            status["historyEvents"] = history;
        return status;
    }

    /// <summary>Stored text as the JSON it holds; text that is none stays a string.</summary>
    public static JsonNode? Parsed(string? text)
    {
        if (text is null or "")
            return text;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static JsonNode? Output(OrchestrationMetadata instance) =>
        instance.Is(OrchestrationRuntimeStatus.Failed) && instance.FailureDetails is { } failure ? failure.ErrorMessage : Parsed(instance.SerializedOutput);

    private static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
