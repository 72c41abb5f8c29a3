using System.Collections.Concurrent;
using Lzn.Functions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Tests.Sample;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Tests.Hosting;

/// <summary>A functions host on a free port, with its own content folder.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly DirectoryInfo _folder;

    private TestHost(IHost host, DirectoryInfo folder, Log logs)
    {
        (_host, _folder, Logs) = (host, folder, logs);
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public HttpClient Client { get; }

    public Log Logs { get; }

    public IServiceProvider Services => _host.Services;

    public bool IsStopping => Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    public Journal Journal => Services.GetRequiredService<Journal>();

    public static async Task<TestHost> StartAsync(
        Type[] functions,
        Action<FunctionsApplicationBuilder>? configure = null,
        string environment = "Development",
        string? hostJson = null,
        string? localSettings = null,
        params (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("functions-");
        if (hostJson is not null)
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "host.json"), hostJson);
        if (localSettings is not null)
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "local.settings.json"), localSettings);

        var builder = FunctionsApplication.CreateBuilder(["--port", "0", "--environment", environment, "--contentRoot", folder.FullName]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.UseFunctionsOf(functions);
        builder.Services.AddScoped<ScopedService>().AddSingleton<Journal>();
        var logs = new Log();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Debug);
        configure?.Invoke(builder);
        var host = builder.Build();
        await host.StartAsync();
        return new TestHost(host, folder, logs);
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Everything logged, as "level message exception [scope]".</summary>
    internal sealed class Log : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();
        private readonly ConcurrentQueue<string> _lines = new();

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => new Sink(this);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private string Scope()
        {
            var values = new List<string>();
            _scopes.ForEachScope((scope, all) => all.AddRange(scope is IEnumerable<KeyValuePair<string, object>> pairs ? pairs.Select(pair => $"{pair.Key}={pair.Value}") : []), values);
            return string.Join(' ', values);
        }

        private sealed class Sink(Log log) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => log._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                log._lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception} [{log.Scope()}]");
        }
    }
}
