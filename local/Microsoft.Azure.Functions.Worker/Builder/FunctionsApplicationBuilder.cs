using Lzn.Functions;
using Lzn.Functions.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Builds the program that hosts the app's functions.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly WebApplicationBuilder _web;
    private readonly FunctionsWorkerApplicationBuilder _worker;
    private bool _built;

    internal FunctionsApplicationBuilder(string[]? args)
    {
        StartFailure.ExitCleanly();
        _web = WebApplication.CreateBuilder(AppFiles.WebApplicationOptions(args));
        AppConfiguration.Add(_web.Configuration, _web.Environment.ContentRootPath);
        HostLogging.Replace(_web.Logging);
        _worker = _web.Services.AddWorker(configure: null);
    }

    public ConfigurationManager Configuration => _web.Configuration;

    public IHostEnvironment Environment => _web.Environment;

    public ILoggingBuilder Logging => _web.Logging;

    public IMetricsBuilder Metrics => _web.Metrics;

    public IServiceCollection Services => _web.Services;

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_web).Properties;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    internal FunctionsWorkerApplicationBuilder Worker => _worker;

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ThrowIfBuilt();
        return _worker.Use(middleware);
    }

    /// <summary>The program, with every function found and checked.</summary>
    /// <exception cref="FunctionsStartException">The functions or the host's settings are wrong; the message lists every problem.</exception>
    public IHost Build()
    {
        ThrowIfBuilt();
        _built = true;
        FunctionsHost.AddTo(_web.Services, _worker, _web.Configuration, _web.Environment);
        var app = _web.Build();
        FunctionsHost.Configure(app);
        return app;
    }

    private void ThrowIfBuilt()
    {
        if (_built)
            throw new InvalidOperationException("The application has already been built.");
    }
}
