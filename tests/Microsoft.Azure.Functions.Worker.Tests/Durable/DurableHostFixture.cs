using LznPipeline.Testing;
using Microsoft.Azure.Functions.Worker.Tests.Hosting;
using Microsoft.Azure.Functions.Worker.Tests.Sample;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Tests.Durable;

/// <summary>One host with the durable sample in a hub of its own. Middleware counts the passes of each function.</summary>
public sealed class DurableHostFixture : IAsyncLifetime
{
    private readonly AzuriteFixture _azurite = new();

    internal TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _azurite.InitializeAsync();
        Host = await TestHost.StartAsync(
            [typeof(DurableSamples)],
            builder => builder.UseMiddleware((context, next) =>
            {
                ((Journal)context.InstanceServices.GetService(typeof(Journal))!).Write("through middleware " + context.FunctionDefinition.Name);
                return next();
            }),
            hostJson: """{ "version": "2.0", "extensions": { "durableTask": { "hubName": "%Hub%", "storageProvider": { "connectionName": "TheStorage", "partitionCount": 1 } } } }""",
            settings: [("TheStorage", _azurite.ConnectionString), ("Hub", _azurite.NewHub()), ("Lzn:Functions:Keys:Durable", "unused in Development")]);
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
