using System.Collections.Immutable;
using System.Diagnostics;
using LznPipeline.LocalHost.Protocol;
using LznPipeline.LocalHost.Settings;
using LznPipeline.LocalHost.Timers;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.WebJobs;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LznPipeline.LocalHost.Functions;

/// <summary>Runs functions in the worker: turns the arguments of the emitted methods into a message, and its answer into their result.</summary>
internal sealed class FunctionRunner(
    LanguageWorker worker, ImmutableArray<Function> functions, HttpForwarding forwarding, HostSettings settings, TimerLocks locks)
{
    // Dates in results stay the text that the worker wrote.
    private static readonly JsonSerializerSettings AsWritten = new() { DateParseHandling = DateParseHandling.None };

    private readonly Dictionary<string, Function> _functions = functions.ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc cref="FunctionCall"/>
    internal async Task<object?> RunAsync(string name, object?[] arguments, CancellationToken stop)
    {
        var function = _functions[name];
        if (function.Trigger.Type is Triggers.Timer && !locks.IsHeldFor(name))
            return null;        // another host has taken the timer over while storage was away from this one
        var invocation = Message(function, arguments);
        using var drained = new CancellationTokenSource();
        await using var draining = stop.Register(() => drained.CancelAfter(settings.DrainLimit));
        if (arguments[0] is not HttpContext http)
            return Value((await worker.InvokeAsync(name, invocation, begin: null, drained.Token)).ReturnValue);
        return await RunAsync(function, http, invocation, drained);
    }

    private async Task<object?> RunAsync(Function function, HttpContext http, InvocationRequest invocation, CancellationTokenSource cancel)
    {
        var (forwarded, broken) = (Task.CompletedTask, new TaskCompletionSource());
        await using var gone = http.RequestAborted.Register(cancel.Cancel);
        try
        {
            // The worker would wait long for a request that does not come through to it, so that is not waited for.
            await await Task.WhenAny(worker.InvokeAsync(function.Name, invocation, address => forwarded = ForwardAsync(address), cancel.Token), broken.Task);
        }
        finally
        {
            await forwarded;
        }

        return null;

        async Task ForwardAsync(Uri address)
        {
            try
            {
                await forwarding.ForwardAsync(http, address, invocation.InvocationId);
            }
            catch (Exception failed)
            {
                await cancel.CancelAsync();
                broken.SetException(failed);
                throw;
            }
        }
    }

    private static InvocationRequest Message(Function function, object?[] arguments)
    {
        var message = new InvocationRequest { InvocationId = Guid.NewGuid().ToString(), TraceContext = Trace() };
        message.InputData.Add(new ParameterBinding { Name = function.Trigger.Name, Data = Data(arguments[0]) });
        foreach (var (index, client) in function.Clients.Index())
            message.InputData.Add(new ParameterBinding { Name = client, Data = Data(arguments[index + 1]) });
        if (arguments[0] is HttpContext http)
        {
            foreach (var (name, value) in http.Request.RouteValues)
                message.TriggerMetadata[name] = Data(value?.ToString());
        }
        else if (function.Trigger.Type is Triggers.Activity && arguments.Length > function.Clients.Length + 1)
        {
            message.TriggerMetadata[FunctionType.InstanceId] = Data(arguments[^1]);
        }

        return message;
    }

    private static TypedData Data(object? argument) => argument switch
    {
        string text => new TypedData { String = text },
        TimerInfo timer => new TypedData { Json = System.Text.Json.JsonSerializer.Serialize(new { timer.ScheduleStatus, timer.IsPastDue }) },
        HttpContext http => new TypedData
        {
            Http = new RpcHttp { Method = http.Request.Method, Url = Microsoft.AspNetCore.Http.Extensions.UriHelper.GetEncodedUrl(http.Request) }
        },
        _ => new TypedData(),
    };

    // The cast keeps the compiler from making every case a JToken, which it could.
    private static object? Value(TypedData? data) => data?.DataCase switch
    {
        TypedData.DataOneofCase.String => (object)data.String,
        TypedData.DataOneofCase.Json => JsonConvert.DeserializeObject<JToken>(data.Json, AsWritten),
        TypedData.DataOneofCase.Int => data.Int,
        TypedData.DataOneofCase.Double => data.Double,
        TypedData.DataOneofCase.Bytes => data.Bytes.ToByteArray(),
        _ => null,
    };

    private static RpcTraceContext Trace()
    {
        var trace = new RpcTraceContext();
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } current)
            (trace.TraceParent, trace.TraceState) = (id, current.TraceStateString ?? string.Empty);
        return trace;
    }
}
