using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LznPipeline.Testing;
using Microsoft.Azure.Functions.Worker.Tests.Hosting;
using Microsoft.Azure.Functions.Worker.Tests.Sample;

namespace Microsoft.Azure.Functions.Worker.Tests.Durable;

public sealed class ManagementKeyTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Key_InProduction_OpensManagementAndIsInItsAddresses()
    {
        await using var host = await TestHost.StartAsync(
            [typeof(DurableSamples)],
            environment: "Production",
            settings:
            [
                ("AzureWebJobsStorage", azurite.ConnectionString),
                ("AzureFunctionsJobHost:extensions:durableTask:hubName", azurite.NewHub()),
                ("Lzn:Functions:Keys:Durable", "d&k"),
                ("Lzn:Functions:Keys:Host", "host-key"),
            ]);
        using var started = await host.Client.PostAsJsonAsync("/api/start/Waits", (object?)null);
        var address = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("StatusQueryGetUri").GetString()!;
        using var open = await host.Client.GetAsync(address);
        using var without = await host.Client.GetAsync(address.Split('?')[0]);
        using var other = await host.Client.GetAsync(address.Split('?')[0] + "?code=host-key");

        Assert.EndsWith("?code=d%26k", address, StringComparison.Ordinal);
        Assert.Equal(
            (HttpStatusCode.Accepted, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (open.StatusCode, without.StatusCode, other.StatusCode));
    }
}
