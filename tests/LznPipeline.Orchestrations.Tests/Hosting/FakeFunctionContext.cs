using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace LznPipeline.Orchestrations.Tests.Hosting;

/// <summary>A call of a function with one trigger, without a host behind it.</summary>
internal sealed class FakeFunctionContext(string name, string trigger, IServiceProvider services, CancellationToken stop = default) : FunctionContext
{
    public override string InvocationId => "invocation";

    public override string FunctionId => name;

    public override TraceContext TraceContext => throw new NotSupportedException();

    public override BindingContext BindingContext => throw new NotSupportedException();

    public override RetryContext RetryContext => throw new NotSupportedException();

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition { get; } = new Definition(name, trigger);

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new FeaturesOfOneCall();

    public override CancellationToken CancellationToken => stop;

    private sealed class Definition(string name, string trigger) : FunctionDefinition
    {
        public override ImmutableArray<FunctionParameter> Parameters => [];

        public override string PathToAssembly => string.Empty;

        public override string EntryPoint => string.Empty;

        public override string Id => name;

        public override string Name => name;

        public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } =
            ImmutableDictionary<string, BindingMetadata>.Empty.Add("input", new Trigger(trigger));

        public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;
    }

    private sealed class Trigger(string type) : BindingMetadata
    {
        public override string Name => "input";

        public override string Type => type;

        public override BindingDirection Direction => BindingDirection.In;
    }

    /// <summary>Makes a feature when it is asked for. The worker's own are internal, so a proxy that remembers what was set stands for them.</summary>
    private sealed class FeaturesOfOneCall : Dictionary<Type, object>, IInvocationFeatures
    {
        public T? Get<T>()
        {
            if (TryGetValue(typeof(T), out var feature))
                return (T)feature;
            var made = DispatchProxy.Create<T, PropertyBag>();
            Set(made);
            return made;
        }

        public void Set<T>(T instance) => this[typeof(T)] = instance!;

        IEnumerator<KeyValuePair<Type, object>> IEnumerable<KeyValuePair<Type, object>>.GetEnumerator() => GetEnumerator();
    }

    /// <summary>An interface's properties, as they were last set.</summary>
    internal class PropertyBag : DispatchProxy
    {
        private readonly Dictionary<string, object?> _values = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var property = targetMethod!.Name[4..];     // get_Name or set_Name
            if (args is [var value])
                _values[property] = value;
            return _values.GetValueOrDefault(property);
        }
    }
}
