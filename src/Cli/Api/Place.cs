using System.CommandLine;
using LznPipeline.Cli.Hosting;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Cli.Api;

/// <summary>Where the pipeline is that a command talks to: the one that <c>lzn up</c> runs here, unless the options or the environment name another.</summary>
internal sealed class Place
{
    private const string UrlVariable = "LZN_URL";

    internal Option<string?> Url { get; } =
        new("--url") { Description = $"Address of the function host; {UrlVariable}, or the one of 'lzn up' on this machine, if left out." };

    internal Option<string?> Storage { get; } =
        new("--storage")
        {
            Description = $"Storage of the pipeline, as {StoreAddress.Setting} takes it; that setting, or the one of 'lzn up' on this machine, if left out."
        };

    internal PipelineClient Client(ParseResult parsed)
    {
        var given = parsed.GetValue(Url) ?? Environment.GetEnvironmentVariable(UrlVariable) ?? Up()?.Url.ToString()
            ?? throw new CliException("No pipeline is running on this machine. Start one with ./lzn up, or name one with --url.");
        return Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new PipelineClient(url)
            : throw new CliException($"--url is '{given}'. Allowed: an address such as http://127.0.0.1:7071.");
    }

    internal Task<ArtifactStore> StoreAsync(ParseResult parsed, CancellationToken stop) =>
        StoreAddress.OpenAsync(
            parsed.GetValue(Storage) ?? Environment.GetEnvironmentVariable(StoreAddress.Setting) ?? Up()?.Storage
            ?? throw new CliException("No pipeline is running on this machine. Start one with ./lzn up, or name its storage with --storage."),
            stop);

    internal static UpFile? Up() => UpFile.Read(Repository.State) is { IsRunning: true } up ? up : null;
}
