using System.CommandLine;
using LznPipeline.LocalHost;
using LznPipeline.LocalHost.Settings;

var app = new Argument<string>("app") { Description = "Output folder of a .NET isolated-worker app, the one with its worker.config.json." };
var port = new Option<int>("--port")
{
    Description = "Port to listen on, on the loopback address; 0 takes a free one.",
    DefaultValueFactory = _ => FunctionsHost.DefaultPort
};
port.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 0 or > 65535)
        result.AddError($"--port is {result.Tokens[0].Value}. Allowed: 0 to 65535; 0 takes a free port.");
});
var command = new RootCommand("Runs an Azure Functions app (isolated worker; HTTP, timer and durable triggers) on this machine.") { app, port };
command.SetAction(async (parsed, stop) =>
{
    try
    {
        await FunctionsHost.RunAsync(parsed.GetRequiredValue(app), parsed.GetValue(port), stop);
        return 0;
    }
    catch (Exception failure) when (UserError(failure, parsed.GetValue(port)) is { } text)
    {
        await Console.Error.WriteLineAsync(text);
        return 1;
    }
});
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

static string? UserError(Exception failure, int port) => failure switch
{
    HostStartException => failure.Message,
    InvalidOperationException when failure.TargetSite?.DeclaringType?.Assembly.GetName().Name?.Contains("DurableTask", StringComparison.Ordinal) == true =>
        $"The durable extension refuses its settings (host.json, extensions.durableTask, or the environment): {failure.Message}",
    IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
        $"Port {port} is taken by another program. Name another by --port, or 0 for a free one.",
    _ => null,
};
