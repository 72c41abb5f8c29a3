using LznPipeline.LocalHost.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LznPipeline.LocalHost;

/// <summary>One line for each event on standard output; host.json's <c>logging</c> chooses what is heard, as on Azure.</summary>
internal static class HostLogging
{
    /// <summary>Parts of the host that tell of every message and invocation, where the app tells what matters.</summary>
    private static readonly string[] Quiet = ["Microsoft", "Host", "Function", "Yarp", "Grpc", "DurableTask", "Azure", "System.Net.Http", "Worker"];

    internal static void Add(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
            (console.SingleLine, console.ColorBehavior, console.TimestampFormat) = (true, LoggerColorBehavior.Disabled, "HH:mm:ss "));
        foreach (var part in Quiet)
            logging.AddFilter(part, LogLevel.Warning);
        logging.AddFilter("Azure.Core", LogLevel.Error);        // every blob that is looked for and not there would be told
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);      // nothing here is protected by it
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);     // what fails at start or stop is thrown as well
        logging.AddFilter("Host.Aggregator", LogLevel.None).AddFilter("Host.Results", LogLevel.None);     // they tell again what failed
        logging.AddConfiguration(configuration.GetSection($"{AppFolder.HostSection}:logging"));
    }
}
