using System.Globalization;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Storage;

/// <summary>What a listing shows of an instance without reading its record.</summary>
internal sealed record InstanceSummary(string InstanceId, OrchestrationRuntimeStatus Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static InstanceSummary Of(string blob, IDictionary<string, string> metadata) => new(
        HubNames.InstanceIdOfRecord(blob), Enum.Parse<OrchestrationRuntimeStatus>(metadata["status"]), Time(metadata["created"]), Time(metadata["updated"]));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
