using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Lzn.Functions.Catalog;

/// <summary>A function: its method, its one trigger and where each parameter comes from.</summary>
internal sealed class FunctionDescriptor : FunctionDefinition
{
    public FunctionDescriptor(string name, MethodInfo method, ParameterInfo triggerParameter, TriggerBindingAttribute trigger)
    {
        (Name, Method, TriggerParameter, Trigger) = (name, method, triggerParameter, trigger);
        Arguments = [.. method.GetParameters().Select(ParameterSource.Of)];
        Parameters = [.. Arguments.Select(argument => argument.Parameter)];
        Result = FunctionResult.Of(method.ReturnType);
        InputBindings = Arguments
            .Where(argument => argument.Binding is not null)
            .ToImmutableDictionary(argument => argument.Parameter.Name, BindingMetadata (argument) => new Binding(argument.Parameter.Name, TypeOf(argument.Binding!), BindingDirection.In));
        OutputBindings = Result.Bindings(isHttp: trigger is HttpTriggerAttribute);
    }

    public MethodInfo Method { get; }

    public TriggerBindingAttribute Trigger { get; }

    public ParameterInfo TriggerParameter { get; }

    public ImmutableArray<ParameterSource> Arguments { get; }

    public FunctionResult Result { get; }

    public RetryAttribute? Retry => Method.GetCustomAttribute<RetryAttribute>();

    public override string Name { get; }

    public override string Id => EntryPoint;

    public override string EntryPoint => $"{Method.DeclaringType?.FullName}.{Method.Name}";

    public override string PathToAssembly => Method.Module.Assembly.Location;

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

    /// <summary>The binding's type: the attribute's name without its suffix, first letter in lower case.</summary>
    public static string TypeOf(Attribute binding)
    {
        var name = binding.GetType().Name.Replace("Attribute", string.Empty, StringComparison.Ordinal);
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}

/// <summary>One binding of a function.</summary>
internal sealed class Binding(string name, string type, BindingDirection direction) : BindingMetadata
{
    public override string Name { get; } = name;

    public override string Type { get; } = type;

    public override BindingDirection Direction { get; } = direction;
}
