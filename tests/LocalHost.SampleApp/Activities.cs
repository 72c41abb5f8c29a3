using Microsoft.Azure.Functions.Worker;

namespace LocalHost.SampleApp;

internal sealed class Activities(Notes notes)
{
    [Function(nameof(Append))]
    public static string Append([ActivityTrigger] string text) => text + ".";

    [Function(nameof(Square))]
    public static int Square([ActivityTrigger] int number) => number * number;

    [Function(nameof(Fail))]
    public static string Fail([ActivityTrigger] string why) => throw new SampleException(why);

    [Function(nameof(ReadTrace))]
    public static string ReadTrace([ActivityTrigger] string? nothing, FunctionContext context) => context.TraceContext.TraceParent + nothing;

    [Function("HoldOn")]
    public async Task<string> Hold([ActivityTrigger] string name, CancellationToken stop)
    {
        await notes.HoldAsync(name, stop);
        return "released";
    }
}

/// <summary>A failure that orchestrations tell from others by its type.</summary>
internal sealed class SampleException(string message) : Exception(message);
