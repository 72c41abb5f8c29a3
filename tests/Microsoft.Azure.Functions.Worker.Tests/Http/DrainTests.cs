using System.Net;
using LznPipeline.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker.Tests.Hosting;
using Microsoft.Azure.Functions.Worker.Tests.Sample;

namespace Microsoft.Azure.Functions.Worker.Tests.Http;

/// <summary>Requests that are being answered when the host stops.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task Stop_RequestThatEndsWithinTheLimit_IsAnswered()
    {
        await using var host = await TestHost.StartAsync([typeof(Lasting)], settings: [("Lzn:Functions:DrainSeconds", "60")]);
        var request = host.Client.GetAsync("/api/Lasting");
        await Eventually.Becomes(() => host.Journal.Lines, lines => lines.Contains("begun"));

        var stopped = host.StopAsync();
        await Eventually.Becomes(() => host.IsStopping, stopping => stopping);
        Lasting.GoOn.SetResult();
        using var response = await request;
        await stopped;

        Assert.Equal("cancelled False", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Stop_RequestBeyondTheLimit_IsCancelledAndTold()
    {
        await using var host = await TestHost.StartAsync([typeof(Lasting)], settings: [("Lzn:Functions:DrainSeconds", "0.1")]);
        var request = host.Client.GetAsync("/api/Endless");
        await Eventually.Becomes(() => host.Journal.Lines, lines => lines.Contains("begun"));

        await host.StopAsync();
        using var response = await request;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("The host stops, and the request took longer than a stop waits. Send it again.", await response.Content.ReadAsStringAsync());
        Assert.Contains("Cancelled Endless", host.Logs.Text, StringComparison.Ordinal);
    }

    internal sealed class Lasting(Journal journal)
    {
        public static TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [Function("Lasting")]
        public async Task<IActionResult> LastAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken stop)
        {
            journal.Write("begun");
            await GoOn.Task;
            return new ContentResult { Content = $"cancelled {stop.IsCancellationRequested}" };
        }

        [Function("Endless")]
        public async Task<IActionResult> WaitAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken stop)
        {
            journal.Write("begun");
            await Task.Delay(Timeout.Infinite, stop);
            return new OkResult();
        }
    }
}
