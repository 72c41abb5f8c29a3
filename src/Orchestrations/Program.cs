using LznPipeline.Orchestrations.Hosting;
using LznPipeline.Shared.Options;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
try
{
    builder.AddPipeline();
}
catch (OptionsException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}

await builder.Build().RunAsync();
return 0;
