using System.Reflection;
using Lzn.Functions.Catalog;
using Lzn.Functions.Configuration;
using Lzn.Functions.Durable;
using Lzn.Functions.Invocation;
using Lzn.Functions.Management;
using Lzn.Functions.Storage;
using Lzn.Functions.Timers;
using Lzn.Functions.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Lzn.Functions;

/// <summary>Puts the host together: what the app declares, checked as a whole, then the parts that run it.</summary>
internal static class FunctionsHost
{
    private static readonly TimeSpan TimeToClose = TimeSpan.FromSeconds(30); // what a stop takes beyond the drain: results, leases, GPU jobs that save their work

    /// <exception cref="FunctionsStartException">Functions or settings are wrong; the message lists every problem.</exception>
    public static void AddTo(IServiceCollection services, FunctionsWorkerApplicationBuilder app, IConfiguration configuration, IHostEnvironment environment)
    {
        var problems = new List<string>();
        var settings = HostSettings.Load(configuration, environment.ContentRootPath, environment.ApplicationName, problems);
        var found = new FunctionDiscovery(problems).Find(app.FunctionTypes ?? OwnTypes());
        var functions = new FunctionCatalog(found.Functions.Where(function => !AppSetting.IsDisabled(configuration, function.Name)));
        var routes = RouteTable.Build(functions, settings.RoutePrefix, problems);
        var timers = TimerTable.Build(functions, configuration, problems);
        var storage = StorageNeeds.Of(functions, settings, configuration, problems);
        if (problems.Count > 0)
            throw FunctionsStartException.From(problems);

        services.AddSingleton(settings).AddSingleton(functions).AddSingleton(storage).AddSingleton<Drain>();
        services.PostConfigure<HostOptions>(host => host.ShutdownTimeout = Longer(host.ShutdownTimeout, settings.DrainLimit + TimeToClose));
        services.AddHostedService<StorageCheck>();
        AddInvocation(services, app);
        AddWeb(services, settings, routes);
        TimerHosting.AddTo(services, timers);
        DurableHosting.AddTo(services, functions, settings, storage);
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<StartReport>(provider, new DisabledFunctions([.. found.Functions.Except(functions.Functions)]), routes));
    }

    public static void Configure(IApplicationBuilder app)
    {
        app.UseForwardedHeaders();
        app.UseRouting();
        app.UseEndpoints(endpoints =>
        {
            endpoints.DataSources.Add(app.ApplicationServices.GetRequiredService<FunctionEndpoints>());
            HostEndpoints.Map(endpoints);
            ManagementEndpoints.Map(endpoints);
        });
    }

    private static void AddInvocation(IServiceCollection services, FunctionsWorkerApplicationBuilder app)
    {
        services.AddSingleton(new FunctionRunner(app));
        services.AddSingleton<InvocationLog>();
    }

    private static void AddWeb(IServiceCollection services, HostSettings settings, IReadOnlyList<HttpRoute> routes)
    {
        services.AddRouting();
        services.AddHealthChecks();
        services.AddMvcCore();
        services.AddSingleton(new FunctionEndpoints(routes)).AddSingleton<FunctionKeys>().AddSingleton<HttpFunctionHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, MethodMatching>());
        services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.All);
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = settings.RequestBodySizeLimit;
        });
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static IEnumerable<Type> OwnTypes() => Assembly.GetEntryAssembly() is { } entry ? FunctionAssemblies.TypesOf(entry) : [];
}
