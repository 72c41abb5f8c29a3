using System.Diagnostics;
using Lzn.Functions.Catalog;
using Microsoft.Azure.Functions.Worker;

namespace Lzn.Functions.Invocation;

/// <summary>One invocation: made by a trigger, passed through the middleware, used up by the function.</summary>
internal sealed class InvocationContext : FunctionContext
{
    /// <param name="function">What is invoked.</param>
    /// <param name="services">The invocation's own scope.</param>
    /// <param name="trigger">The value of the trigger's parameter, asked for when it is bound.</param>
    public InvocationContext(FunctionDescriptor function, IServiceProvider services, Func<InvocationContext, Type, object?> trigger)
    {
        (Function, InstanceServices, Trigger) = (function, services, trigger);
        Features.Set(new InvocationOutcome(function.Result));
        Features.Set<INamedValues>(NoNamedValues.Instance);
    }

    public FunctionDescriptor Function { get; }

    public Func<InvocationContext, Type, object?> Trigger { get; }

    /// <summary>Values bound ahead of the function by middleware, by parameter name.</summary>
    public Dictionary<string, object?> BoundEarly { get; } = new(StringComparer.OrdinalIgnoreCase);

    public InvocationOutcome Outcome => Features.Get<InvocationOutcome>()!;

    public INamedValues NamedValues => Features.Get<INamedValues>() ?? NoNamedValues.Instance;

    public CancellationToken Stop { get; init; }

    public int RetryCount { get; init; }

    /// <summary>The orchestration instance that the invocation belongs to, if any.</summary>
    public string? InstanceId { get; init; }

    /// <summary>What every log line of the invocation carries.</summary>
    public IReadOnlyDictionary<string, object> LogScope
    {
        get
        {
            var scope = new Dictionary<string, object> { ["FunctionName"] = Function.Name, ["InvocationId"] = InvocationId };
            if (InstanceId is not null)
                scope["InstanceId"] = InstanceId;
            return scope;
        }
    }

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => Function.Id;

    public override TraceContext TraceContext { get; } = new ActivityTraceContext(Activity.Current);

    public override BindingContext BindingContext => new NamedBindingContext(NamedValues.Known);

    public override RetryContext RetryContext => new AttemptContext(RetryCount, Function.Retry?.MaxRetryCount ?? 0);

    public override IServiceProvider InstanceServices { get; set; }

    public override FunctionDefinition FunctionDefinition => Function;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new InvocationFeatures();

    public override CancellationToken CancellationToken => Stop;

    private sealed class NamedBindingContext(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = data;
    }

    private sealed class AttemptContext(int retryCount, int maxRetryCount) : RetryContext
    {
        public override int RetryCount { get; } = retryCount;

        public override int MaxRetryCount { get; } = maxRetryCount;
    }

    private sealed class ActivityTraceContext(Activity? activity) : TraceContext
    {
        public override string TraceParent { get; } = activity?.Id ?? string.Empty;

        public override string TraceState { get; } = activity?.TraceStateString ?? string.Empty;
    }
}
