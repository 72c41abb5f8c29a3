using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Launching;
using LznPipeline.Activities.Options;
using LznPipeline.Activities.Planning;
using LznPipeline.Activities.Publishing;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LznPipeline.Activities;

/// <summary>What activities need, put together.</summary>
public static class ServiceCollectionExtensions
{
    /// <exception cref="OptionsException">A setting is wrong; every one that is wrong is listed.</exception>
    public static IServiceCollection AddActivities(this IServiceCollection services, IConfiguration configuration)
    {
        var problems = new Problems();
        var options = LznOptions.Read(configuration, problems);
        problems.Unless(
            options.Launcher is not LauncherKind.Process || GpuJobProgram.Find(options.GpuJob) is not null,
            "Lzn:GpuJob", options.GpuJob, "the path of lzn-gpu or lzn-gpu.dll; build src/GpuJob, or choose another Lzn:Launcher");
        problems.ThrowIfAny();

        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options)
            .AddSingleton(StoreAddress.Open(StorageSetting.Read(configuration)))
            .AddSingleton<SourceCheck>().AddSingleton<SourceFingerprint>()
            .AddSingleton<JobBook>().AddSingleton<Lineage>().AddSingleton<Publisher>().AddSingleton<JobStarter>()
            .AddLauncher(options);
    }

    private static IServiceCollection AddLauncher(this IServiceCollection services, LznOptions options) => options.Launcher switch
    {
        LauncherKind.Process => services
            .AddSingleton<ProcessLauncher>()
            .AddSingleton<IGpuJobLauncher>(provider => provider.GetRequiredService<ProcessLauncher>())
            .AddHostedService(provider => provider.GetRequiredService<ProcessLauncher>()),
        LauncherKind.Docker => services.AddSingleton<IGpuJobLauncher, DockerLauncher>(),
        LauncherKind.ContainerApp => services.AddSingleton<IGpuJobLauncher>(
            new ContainerAppLauncher(ManagementPipeline(options.ContainerApp), options.ContainerApp)),
        _ => throw new OptionsException("Lzn:Launcher", options.Launcher, string.Join(", ", Enum.GetNames<LauncherKind>())),
    };

    private static HttpPipeline ManagementPipeline(ContainerAppOptions options) => HttpPipelineBuilder.Build(
        new ManagementClientOptions(),
        new BearerTokenAuthenticationPolicy(new DefaultAzureCredential(), new Uri(options.Endpoint, ".default").AbsoluteUri));

    private sealed class ManagementClientOptions : ClientOptions;
}
