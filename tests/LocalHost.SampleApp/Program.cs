using LocalHost.SampleApp;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

if (Environment.GetEnvironmentVariable("SampleEndsAtOnce") is { Length: > 0 } why)
{
    await Console.Error.WriteLineAsync(why);
    return 3;
}

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSingleton<Notes>();
await builder.Build().RunAsync();
return 0;
