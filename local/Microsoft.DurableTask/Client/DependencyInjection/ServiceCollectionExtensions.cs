using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.DurableTask.Client;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds a client, or returns the builder of the one that was added under this name.</summary>
    public static IDurableTaskClientBuilder AddDurableTaskClient(this IServiceCollection services, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        name ??= Options.DefaultName;
        if (services.Select(service => service.ImplementationInstance).OfType<Builders>().FirstOrDefault() is not { } builders)
            services.AddSingleton(builders = new Builders());
        if (!builders.ByName.TryGetValue(name, out var builder))
            builders.ByName.Add(name, builder = Add(services, name));
        return builder;
    }

    public static IServiceCollection AddDurableTaskClient(this IServiceCollection services, Action<IDurableTaskClientBuilder> configure) =>
        services.AddDurableTaskClient(Options.DefaultName, configure);

    public static IServiceCollection AddDurableTaskClient(this IServiceCollection services, string name, Action<IDurableTaskClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddDurableTaskClient(name));
        return services;
    }

    private static DefaultDurableTaskClientBuilder Add(IServiceCollection services, string name)
    {
        var builder = new DefaultDurableTaskClientBuilder(name, services);
        services.AddOptions<DurableTaskClientOptions>(name).PostConfigure<IServiceProvider>((options, provider) =>
        {
            if (!options.DataConverterIsSet && provider.GetService<DataConverter>() is { } converter)
                options.DataConverter = converter;
        });
        services.TryAddSingleton<IDurableTaskClientProvider, DefaultDurableTaskClientProvider>();
        services.AddSingleton(provider => new NamedClient(name, new Lazy<DurableTaskClient>(() => builder.Build(provider))));
        if (name == Options.DefaultName)
            builder.RegisterDirectly();
        return builder;
    }

    private sealed class Builders
    {
        public Dictionary<string, IDurableTaskClientBuilder> ByName { get; } = [];
    }
}
