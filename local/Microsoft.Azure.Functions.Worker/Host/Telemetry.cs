using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lzn.Functions.Catalog;
using Lzn.Functions.Invocation;

namespace Lzn.Functions;

/// <summary>Traces and metrics of function invocations, under the name of the public worker's source.</summary>
internal static class Telemetry
{
    public const string Name = "Microsoft.Azure.Functions.Worker";

    private static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> InvokeDuration = Meter.CreateHistogram<double>("faas.invoke_duration", "s", "Duration of a function's invocations");

    private static readonly Counter<long> Missed = Meter.CreateCounter<long>("functions.timer.missed", "{occurrence}", "Occurrences of timers that passed while no host ran, and were caught up");

    /// <summary>The span of one invocation, with the name and attributes of the public worker.</summary>
    public static Activity? Begin(InvocationContext context) =>
        Source.StartActivity("function " + context.Function.Name)?.SetTag("faas.name", context.Function.Name).SetTag("faas.invocation_id", context.InvocationId);

    /// <param name="failure">Null for an invocation that ended well.</param>
    public static void End(Activity? span, InvocationContext context, TimeSpan duration, Exception? failure)
    {
        if (failure is not null)
            span?.SetStatus(ActivityStatusCode.Error, failure.Message).AddException(failure);
        var tags = new TagList { { "faas.name", context.Function.Name }, { "faas.trigger", TriggerOf(context.Function) } };
        if (failure is not null)
            tags.Add("error.type", failure.GetType().FullName);
        InvokeDuration.Record(duration.TotalSeconds, tags);
    }

    public static void MissedTimer(string function) => Missed.Add(1, new KeyValuePair<string, object?>("faas.name", function));

    /// <summary>The word that OpenTelemetry has for the trigger.</summary>
    private static string TriggerOf(FunctionDescriptor function) => FunctionDescriptor.TypeOf(function.Trigger) switch
    {
        "httpTrigger" => "http",
        "timerTrigger" => "timer",
        _ => "other",
    };
}
