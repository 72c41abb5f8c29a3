using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Lzn.Functions;

/// <summary>One line per log entry on the console, and quiet frameworks unless the app's configuration asks for more.</summary>
internal static class HostLogging
{
    private static readonly string[] Quiet = ["Microsoft.AspNetCore", "Microsoft.Hosting", "Microsoft.Extensions.Hosting"];

    public static void Replace(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddConsole(console => console.FormatterName = ConciseConsoleFormatter.FormatterName);
        logging.AddConsoleFormatter<ConciseConsoleFormatter, ConsoleFormatterOptions>();

        // First in the list, so that rules of the app's configuration win over them.
        logging.Services.Configure<LoggerFilterOptions>(options =>
        {
            foreach (var category in Quiet)
                options.Rules.Insert(0, new LoggerFilterRule(providerName: null, category, LogLevel.Warning, filter: null));
        });
    }
}
