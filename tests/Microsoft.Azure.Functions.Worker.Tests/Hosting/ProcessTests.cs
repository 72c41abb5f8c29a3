using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LznPipeline.Testing;

namespace Microsoft.Azure.Functions.Worker.Tests.Hosting;

/// <summary>The sample app as a process of its own: how it starts, ends, and says why it does not start.</summary>
public sealed class ProcessTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Start_FreePort_SaysOnOneLineWhereItListensAndSigtermEndsItWithZero()
    {
        using var host = Run(azurite.ConnectionString, "--port", "0");
        var line = await LineAsync(host, "listening on ");
        var url = line[line.IndexOf("http://", StringComparison.Ordinal)..].Split(' ')[0];
        using var client = new HttpClient();

        Assert.Equal("Healthy", await client.GetStringAsync(url + "/healthz"));

        using (Process.Start("kill", $"-TERM {host.Id}"))
            await host.WaitForExitAsync();
        Assert.Equal(0, host.ExitCode);
    }

    [Fact]
    public async Task Start_StorageDoesNotRun_EndsWithOneAndNamesTheEndpoint()
    {
        using var host = Run("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a;QueueEndpoint=http://127.0.0.1:9/a", "--port", "0");
        var errors = await host.StandardError.ReadToEndAsync();
        await host.WaitForExitAsync();

        Assert.Equal(1, host.ExitCode);
        Assert.Contains("Storage at http://127.0.0.1:9/a (app setting 'AzureWebJobsStorage') cannot be reached", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortIsTaken_EndsWithOneAndNamesThePort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var host = Run(azurite.ConnectionString, "--port", $"{port}");
        var errors = await host.StandardError.ReadToEndAsync();
        await host.WaitForExitAsync();

        Assert.Equal(1, host.ExitCode);
        Assert.Contains($"http://127.0.0.1:{port}: address already in use", errors, StringComparison.Ordinal);
        Assert.Contains("choose another port with --port", errors, StringComparison.Ordinal);
    }

    private static Process Run(string storage, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ProcessTests).Assembly.Location, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AzureWebJobsStorage"] = storage;
        start.Environment["AzureFunctionsWebHost__hostid"] = Guid.NewGuid().ToString("N");
        return Process.Start(start)!;
    }

    private static async Task<string> LineAsync(Process host, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new List<string>();
        while (await host.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
            seen.Add(line);
        }

        throw new InvalidOperationException($"The host ended without the line '{text}'. It wrote: {string.Join('\n', seen)} {await host.StandardError.ReadToEndAsync()}");
    }
}
