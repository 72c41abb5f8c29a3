using Microsoft.Azure.Functions.Worker;

namespace Lzn.Functions.Durable;

/// <summary>Addresses of one instance in the management API.</summary>
/// <param name="baseUrl">Address of the API, without a slash at its end.</param>
/// <param name="query">What every address carries, such as <c>code=...</c>; may be empty.</param>
internal sealed class ManagementUrls(string baseUrl, string instanceId, string query)
{
    private const string Reason = "reason={text}";
    private readonly string _instance = $"{baseUrl}/instances/{Uri.EscapeDataString(instanceId)}";

    public string Status => With(string.Empty);

    public HttpManagementPayload Payload => new()
    {
        Id = instanceId,
        StatusQueryGetUri = Status,
        SendEventPostUri = With("/raiseEvent/{eventName}"),
        TerminatePostUri = With("/terminate", Reason),
        RewindPostUri = With("/rewind", Reason),
        PurgeHistoryDeleteUri = With(string.Empty),
        RestartPostUri = With("/restart"),
        SuspendPostUri = With("/suspend", Reason),
        ResumePostUri = With("/resume", Reason),
    };

    private string With(string suffix, string own = "")
    {
        var parameters = string.Join('&', new[] { own, query }.Where(part => part.Length > 0));
        return _instance + suffix + (parameters.Length > 0 ? "?" + parameters : string.Empty);
    }
}
