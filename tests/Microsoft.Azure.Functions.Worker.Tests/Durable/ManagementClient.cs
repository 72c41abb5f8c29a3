using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LznPipeline.Testing;

namespace Microsoft.Azure.Functions.Worker.Tests.Durable;

/// <summary>Calls of the management API as its users make them.</summary>
internal sealed class ManagementClient(HttpClient http)
{
    public const string Root = "/runtime/webhooks/durabletask";

    public static string NewId() => "i" + Guid.NewGuid().ToString("N");

    public Task<HttpResponseMessage> PostAsync(string path, string? json = null) =>
        http.PostAsync(Root + path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<string> StartAsync(string orchestrator, string input = "null")
    {
        using var started = await PostAsync("/orchestrators/" + orchestrator, input);
        return (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public Task<JsonElement> UntilAsync(string id, string status, string query = "") => Eventually.BecomesAsync(
        () => http.GetFromJsonAsync<JsonElement>($"{Root}/instances/{id}{query}"), state => state.GetProperty("runtimeStatus").GetString() == status);
}
