using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.DurableTask.Worker;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds a worker, or returns the builder of the one that was added under this name.</summary>
    public static IDurableTaskWorkerBuilder AddDurableTaskWorker(this IServiceCollection services, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        name ??= Options.DefaultName;
        if (services.Select(service => service.ImplementationInstance).OfType<Builders>().FirstOrDefault() is not { } builders)
            services.AddSingleton(builders = new Builders());
        if (!builders.ByName.TryGetValue(name, out var builder))
            builders.ByName.Add(name, builder = Add(services, name));
        return builder;
    }

    public static IServiceCollection AddDurableTaskWorker(this IServiceCollection services, Action<IDurableTaskWorkerBuilder> configure) =>
        services.AddDurableTaskWorker(Options.DefaultName, configure);

    public static IServiceCollection AddDurableTaskWorker(this IServiceCollection services, string name, Action<IDurableTaskWorkerBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddDurableTaskWorker(name));
        return services;
    }

    private static DefaultDurableTaskWorkerBuilder Add(IServiceCollection services, string name)
    {
        var builder = new DefaultDurableTaskWorkerBuilder(name, services);
        services.AddOptions<DurableTaskWorkerOptions>(name).PostConfigure<IServiceProvider>((options, provider) =>
        {
            if (!options.DataConverterIsSet && provider.GetService<DataConverter>() is { } converter)
                options.DataConverter = converter;
        });
        services.AddSingleton(provider => builder.Build(provider));
        return builder;
    }

    private sealed class Builders
    {
        public Dictionary<string, IDurableTaskWorkerBuilder> ByName { get; } = [];
    }
}
