using System.Net;
using System.Net.Sockets;
using LznPipeline.LocalHost.Tests.Hosting;
using LznPipeline.Testing;

namespace LznPipeline.LocalHost.Tests.Start;

/// <summary>A host that cannot start says why in one text, without a stack trace, and exits with 1.</summary>
public sealed class StartErrorTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lzn-app-").FullName;

    [Fact]
    public async Task Start_FolderWithoutAWorker_SaysWhatIsMissing() =>
        await RefusesAsync(
            _folder,
            [],
            $"'{_folder}' holds no worker.config.json, so it is not the output of a .NET isolated-worker app. Build the app, and name its output folder.");

    [Theory]
    [InlineData("host.json", "{ \"version\": ")]
    [InlineData("local.settings.json", "no JSON")]
    [InlineData("worker.config.json", "[")]
    public async Task Start_FileThatIsNotJson_IsNamed(string file, string content)
    {
        File.Copy(Path.Combine(SampleHost.App, "worker.config.json"), Path.Combine(_folder, "worker.config.json"));
        await File.WriteAllTextAsync(Path.Combine(_folder, file), content);

        await RefusesAsync(_folder, [], $"{_folder}/{file} is not valid JSON");
    }

    [Fact]
    public async Task Start_WorkerConfigWithoutAWorker_SaysWhatIsMissing()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "worker.config.json"), "{}");

        await RefusesAsync(_folder, [], $"{_folder}/worker.config.json names no worker (description.defaultWorkerPath). Build the app again.");
    }

    [Fact]
    public async Task Start_EncryptedSettings_SaysToDecryptThem()
    {
        File.Copy(Path.Combine(SampleHost.App, "worker.config.json"), Path.Combine(_folder, "worker.config.json"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "local.settings.json"), "{ \"IsEncrypted\": true, \"Values\": {} }");

        await RefusesAsync(_folder, [], "IsEncrypted is true, and only plain settings can be read.");
    }

    [Theory]
    [InlineData("LocalHost__DrainSeconds", "ages", "LocalHost:DrainSeconds is 'ages'. Allowed: a number from 0 to 600.")]
    [InlineData("LocalHost__DrainSeconds", "601", "LocalHost:DrainSeconds is '601'. Allowed: a number from 0 to 600.")]
    [InlineData("LocalHost__WorkerStopSeconds", "0", "LocalHost:WorkerStopSeconds is '0'. Allowed: a number from 1 to 600.")]
    [InlineData("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "-1", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is '-1'. Allowed: a number from 1 to ")]
    public async Task Start_SettingOutOfRange_SaysWhatIsAllowed(string name, string value, string text) =>
        await RefusesAsync(SampleHost.App, [(name, value)], text);

    [Fact]
    public async Task Start_DurableExtensionRefusesASetting_SaysWhereItStands() => await RefusesAsync(
        SampleHost.App,
        [("AzureFunctionsJobHost__extensions__durableTask__storageProvider__controlQueueVisibilityTimeout", "00:00:30")],
        "The durable extension refuses its settings (host.json, extensions.durableTask, or the environment): ");

    [Fact]
    public async Task Start_WrongStorageConnection_SaysWhatIsAllowed() =>
        await RefusesAsync(SampleHost.App, [("AzureWebJobsStorage", "nonsense")], "The setting AzureWebJobsStorage is missing or wrong. Allowed: ");

    [Fact]
    public async Task Start_WorkerEndsAtOnce_SaysWhatItSaid() =>
        await RefusesAsync(SampleHost.App, [("SampleEndsAtOnce", "no paper")], "The worker ended with code 3 before it was ready. It said: no paper");

    [Fact]
    public async Task Start_ScheduleIsNoNcrontab_NamesFunctionAndSchedule()
    {
        var output = await RefusesAsync(SampleHost.App, [("SampleSchedule", "99 * * * * *")], "Function 'Tick' cannot run: ");

        Assert.Contains("99 * * * * *", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortIsTaken_SaysWhichAndWhatToDo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        await RefusesAsync(SampleHost.App, [("port", $"{port}")], $"Port {port} is taken by another program. Name another by --port, or 0 for a free one.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> RefusesAsync(string app, (string Name, string? Value)[] settings, string text)
    {
        await using var host = await SampleHost.LaunchAsync(app, azurite.ConnectionString, settings);
        var (code, output) = await host.EndsAsync();

        Assert.Equal(1, code);
        Assert.Contains(text, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return output;
    }
}
