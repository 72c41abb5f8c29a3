using Lzn.Durable.Storage;
using Microsoft.AspNetCore.Connections;

namespace Lzn.Functions;

/// <summary>Failures whose message is the whole story: the program ends with that message and exit code 1, without a stack trace or a core dump.</summary>
internal static class StartFailure
{
    private static int _registered;

    public static void ExitCleanly()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 0)
            AppDomain.CurrentDomain.UnhandledException += (_, failure) => ExitIfKnown(failure.ExceptionObject as Exception);
    }

    /// <summary>The message for people, or null for an exception that is a defect and needs its stack.</summary>
    public static string? Describe(Exception? exception) => exception switch
    {
        FunctionsStartException start => start.Message,
        HubUnavailableException hub => hub.Message,
        IOException { InnerException: AddressInUseException } taken =>
            $"{taken.Message.TrimEnd('.')}. Stop the program that listens there, or choose another port with --port (0 takes a free one).",
        AggregateException { InnerExceptions.Count: 1 } one => Describe(one.InnerExceptions[0]),
        _ => null,
    };

    private static void ExitIfKnown(Exception? exception)
    {
        if (Describe(exception) is not { } message)
            return;
        Console.Error.WriteLine(message);
        Environment.Exit(1);
    }
}
