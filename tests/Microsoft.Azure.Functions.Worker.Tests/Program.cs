using Lzn.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Tests.Sample;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// The sample app as a program of its own.
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseFunctionsOf(SampleApp.Functions);
builder.Services.AddScoped<ScopedService>().AddSingleton<Journal>();
builder.Build().Run();
