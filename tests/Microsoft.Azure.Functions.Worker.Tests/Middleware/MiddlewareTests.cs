using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Azure.Functions.Worker.Tests.Hosting;
using Microsoft.Azure.Functions.Worker.Tests.Sample;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Tests.Middleware;

public sealed class MiddlewareTests
{
    [Fact]
    public async Task Order_OfRegistration_IsOutermostFirst()
    {
        await using var host = await TestHost.StartAsync([typeof(HttpSamples)], builder => builder
            .UseMiddleware<Counting>()
            .UseMiddleware(Note("outer"))
            .UseWhen(context => context.FunctionDefinition.Name == "Result", Note("only Result"))
            .UseMiddleware(Note("inner")));

        await host.Client.GetAsync("/api/Action");
        await host.Client.GetAsync("/api/Result");

        Assert.Equal(
            ["Action 1", "outer", "inner", "inner end", "outer end", "Result 2", "outer", "only Result", "inner", "inner end", "only Result end", "outer end"],
            host.Journal.Lines.Where(line => !line.StartsWith("disposed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ShortCircuit_ResultOfMiddleware_IsTheAnswer()
    {
        await using var host = await TestHost.StartAsync([typeof(HttpSamples)], builder => builder.UseMiddleware((context, _) =>
        {
            context.GetInvocationResult().Value = new StatusCodeResult(429);
            return Task.CompletedTask;
        }));

        using var response = await host.Client.GetAsync("/api/Throws");

        Assert.Equal(429, (int)response.StatusCode);
    }

    [Fact]
    public async Task Result_ReplacedAfterTheFunction_IsWritten()
    {
        await using var host = await TestHost.StartAsync([typeof(HttpSamples)], builder => builder.UseMiddleware(async (context, next) =>
        {
            await next();
            var result = context.GetInvocationResult<IActionResult>();
            result.Value = new OkObjectResult(((OkObjectResult)result.Value!).Value!.ToString());
        }));

        Assert.Equal("Item { Id = 1, Name = one }", await host.Client.GetStringAsync("/api/Action"));
    }

    [Fact]
    public async Task BindInput_ValueReplaced_IsWhatTheFunctionGets()
    {
        await using var host = await TestHost.StartAsync([typeof(HttpSamples)], builder => builder.UseMiddleware(async (context, next) =>
        {
            var input = await context.BindInputAsync<Item>(new Lzn.Functions.Catalog.Binding("item", "fromBody", BindingDirection.In));
            input.Value = input.Value! with { Name = "replaced" };
            await next();
        }));

        using var response = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(host.Client, "/api/Body", new { id = 1, name = "sent" });

        Assert.Equal("""{"id":1,"name":"replaced"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task HostBuilder_ConfigureFunctionsWebApplication_RunsTheSameHost()
    {
        using var host = new HostBuilder()
            .ConfigureHostConfiguration(configuration => configuration.AddInMemoryCollection(
                [KeyValuePair.Create("environment", (string?)"Development")]))
            .ConfigureFunctionsWebApplication(worker =>
            {
                Lzn.Functions.FunctionsHostExtensions.UseFunctionsOf(worker, typeof(StaticSample));
                worker.UseMiddleware((_, next) => next());
            })
            .ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection([KeyValuePair.Create("urls", (string?)"http://127.0.0.1:0")]))
            .Build();
        await host.StartAsync();
        var server = (AspNetCore.Hosting.Server.IServer)host.Services.GetService(typeof(AspNetCore.Hosting.Server.IServer))!;
        var address = server.Features.Get<AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.Single();
        using var client = new HttpClient();

        Assert.Equal("hi", await client.GetStringAsync(address + "/api/Hi"));
        await host.StopAsync();
    }

    private static Func<FunctionContext, Func<Task>, Task> Note(string name) => async (context, next) =>
    {
        var journal = (Journal)context.InstanceServices.GetService(typeof(Journal))!;
        journal.Write(name);
        await next();
        journal.Write(name + " end");
    };

    internal static class StaticSample
    {
        [Function("Hi")]
        public static IActionResult Hi([HttpTrigger("get")] AspNetCore.Http.HttpRequest request) => new ContentResult { Content = "hi" };
    }

    private sealed class Counting(Journal journal) : IFunctionsWorkerMiddleware
    {
        private int _count;

        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            journal.Write($"{context.FunctionDefinition.Name} {++_count}");
            return next(context);
        }
    }
}
