using LznPipeline.Orchestrations.Hosting;
using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LznPipeline.Orchestrations.Tests.Hosting;

/// <summary>The app's services as its program puts them together, over a folder in place of storage; nothing is started.</summary>
internal static class TestApp
{
    /// <param name="before">Registers what the app's own registrations shall find.</param>
    internal static IHost Build(Action<IServiceCollection>? before = null, params (string Name, string Value)[] settings)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [StoreAddress.Setting] = "folder:" + Path.Combine(Path.GetTempPath(), "lzn-never-written"),
            ["Lzn:GpuJob"] = typeof(FakeGpuJob).Assembly.Location,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.ConfigureDurableExtension();        // the program's generated start-up does this
        before?.Invoke(builder.Services);
        builder.AddPipeline();
        return builder.Build();
    }
}
