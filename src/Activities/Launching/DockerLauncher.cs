using System.Diagnostics;
using LznPipeline.Activities.Options;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Configuration;

namespace LznPipeline.Activities.Launching;

/// <summary>Runs each job in a container on this machine. The handle is the container's name, which docker gives only once.</summary>
internal sealed class DockerLauncher(LznOptions options, IConfiguration configuration) : IGpuJobLauncher
{
    public TimeSpan PollEvery { get; } = TimeSpan.FromSeconds(5);

    /// <remarks>The storage address and the trace go by the environment of the docker command, so that the address shows in no list of processes.</remarks>
    internal static string[] RunArguments(JobLaunch launch, DockerOptions docker)
    {
        string[] gpus = docker.Gpus.Length > 0 ? ["--gpus", docker.Gpus] : [];
        string[] data = docker.DataFolder.Length > 0 ? ["--volume", $"{docker.DataFolder}:{docker.DataFolder}:ro"] : [];
        var trace = JobTrace.Variables.Keys.SelectMany(name => new[] { "--env", name });
        return
        [
            "run", "--detach", "--init", "--name", launch.Name, "--network", docker.Network, "--env", StoreAddress.Setting,
            .. trace, .. gpus, .. data, docker.Image, .. launch.Arguments
        ];
    }

    public async Task<string?> LaunchAsync(JobLaunch launch, CancellationToken stop)
    {
        if ((await ListAsync($"name=^{launch.Name}$", stop)).Length > 0)
            return launch.Name;
        if ((await ListAsync("status=running|name=^lzn-", stop)).Length >= options.MaxLocalJobs)
            return null;
        var (exit, output) = await DockerAsync(RunArguments(launch, options.Docker), stop);
        return exit == 0 || output.Contains("is already in use", StringComparison.Ordinal)
            ? launch.Name
            : throw new InvalidOperationException($"docker run ended with {exit}: {output}");
    }

    public async Task<bool> IsAliveAsync(string handle, CancellationToken stop) =>
        await DockerAsync(["inspect", "--format", "{{.State.Running}}", handle], stop) is (0, var running) && running.Trim() == "true";

    /// <remarks>Docker sends SIGTERM, and SIGKILL a minute later.</remarks>
    public Task StopAsync(string handle, CancellationToken stop) => DockerAsync(["stop", "--time", "60", handle], stop);

    public async Task<string> LastWordsAsync(string handle, CancellationToken stop) =>
        (await DockerAsync(["logs", "--tail", "10", handle], stop)).Output.Trim();

    private async Task<string[]> ListAsync(string filters, CancellationToken stop)
    {
        var arguments = filters.Split('|').SelectMany(filter => new[] { "--filter", filter });
        var (exit, output) = await DockerAsync(["ps", "--all", "--quiet", .. arguments], stop);
        return exit == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"docker ps ended with {exit}: {output}");
    }

    private async Task<(int Exit, string Output)> DockerAsync(string[] arguments, CancellationToken stop)
    {
        var start = new ProcessStartInfo("docker", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[StoreAddress.Setting] = StorageSetting.Read(configuration);
        foreach (var (name, value) in JobTrace.Variables)
            start.Environment[name] = value;
        using var docker = Process.Start(start) ?? throw new InvalidOperationException("docker did not start.");
        var (output, errors) = (docker.StandardOutput.ReadToEndAsync(stop), docker.StandardError.ReadToEndAsync(stop));
        await docker.WaitForExitAsync(stop);
        return (docker.ExitCode, await output + await errors);
    }
}
