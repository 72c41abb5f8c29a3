using System.Diagnostics;
using LocalHost.SampleApp;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

if (Environment.GetEnvironmentVariable("SampleEndsAtOnce") is { Length: > 0 } why)
{
    await Console.Error.WriteLineAsync(why);
    return 3;
}

// The worker begins a span only for somebody who listens, and what the function starts belongs to the caller's trace only with a span.
ActivitySource.AddActivityListener(new ActivityListener
{
    ShouldListenTo = source => source.Name.StartsWith("Microsoft.Azure.Functions.Worker", StringComparison.Ordinal),
    Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
});
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSingleton<Notes>();
await builder.Build().RunAsync();
return 0;
