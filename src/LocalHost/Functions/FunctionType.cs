using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;

namespace LznPipeline.LocalHost.Functions;

/// <summary>
/// Makes the type that a WebJobs host looks through for functions: a method for each function of the worker, with the attributes of its bindings.
/// </summary>
/// <remarks>
/// A method for an activity reads like
/// <c>[FunctionName("PlanDataset")] public Task&lt;object?&gt; PlanDataset([ActivityTrigger] string input, string instanceId, CancellationToken stop)</c>;
/// all it does is to hand its name and arguments to the type's <see cref="FunctionCall"/>.
/// </remarks>
internal sealed class FunctionType : ITypeLocator
{
    /// <summary>The id of the instance that an activity belongs to, as the durable extension's binding data calls it.</summary>
    internal const string InstanceId = "instanceId";

    private readonly Type _type;

    internal FunctionType(ImmutableArray<Function> functions)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Functions"), AssemblyBuilderAccess.Run).DefineDynamicModule("Functions")
            .DefineType("Functions", TypeAttributes.Public | TypeAttributes.Sealed);
        var call = type.DefineField("_call", typeof(FunctionCall), FieldAttributes.Private | FieldAttributes.InitOnly);
        DefineConstructor(type, call);
        foreach (var function in functions)
            DefineMethod(type, call, function);
        _type = type.CreateType();
    }

    public IReadOnlyList<Type> GetTypes() => [_type];

    private static void DefineConstructor(TypeBuilder type, FieldInfo call)
    {
        var il = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(FunctionCall)]).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(object).GetConstructor(Type.EmptyTypes)!);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stfld, call);
        il.Emit(OpCodes.Ret);
    }

    private static void DefineMethod(TypeBuilder type, FieldInfo call, Function function)
    {
        List<Parameter> parameters = [TriggerOf(function)];
        parameters.AddRange(function.Clients.Select(name => new Parameter(name, typeof(string), Attribute(typeof(DurableClientAttribute)))));
        if (function.Trigger is { Type: Triggers.Activity, Name: not InstanceId })
            parameters.Add(new Parameter(InstanceId, typeof(string), null));

        // Only durable triggers take a result.
        var returns = function.Trigger.Type is Triggers.Http or Triggers.Timer ? typeof(Task) : typeof(Task<object?>);
        var method = type.DefineMethod(function.Name, MethodAttributes.Public, returns, [.. parameters.Select(each => each.Type), typeof(CancellationToken)]);
        method.SetCustomAttribute(Attribute(typeof(FunctionNameAttribute), function.Name));
        if (function.Trigger.Type is Triggers.Http)
            method.SetCustomAttribute(Attribute(typeof(NoAutomaticTriggerAttribute)));      // the front calls it
        foreach (var (index, parameter) in parameters.Index())
        {
            var builder = method.DefineParameter(index + 1, ParameterAttributes.None, parameter.Name);
            if (parameter.Attribute is { } attribute)
                builder.SetCustomAttribute(attribute);
        }

        method.DefineParameter(parameters.Count + 1, ParameterAttributes.None, "stop");
        Emit(method.GetILGenerator(), call, function.Name, parameters.Count);
    }

    /// <summary><c>return _call(name, [arguments], stop);</c></summary>
    private static void Emit(ILGenerator il, FieldInfo call, string name, int count)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, call);
        il.Emit(OpCodes.Ldstr, name);
        il.Emit(OpCodes.Ldc_I4, count);
        il.Emit(OpCodes.Newarr, typeof(object));
        for (var index = 0; index < count; index++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Ldarg, index + 1);
            il.Emit(OpCodes.Stelem_Ref);
        }

        il.Emit(OpCodes.Ldarg, count + 1);
        il.Emit(OpCodes.Callvirt, typeof(FunctionCall).GetMethod(nameof(FunctionCall.Invoke))!);
        il.Emit(OpCodes.Ret);
    }

    private static Parameter TriggerOf(Function function) => function.Trigger.Type switch
    {
        Triggers.Orchestration => new Parameter(function.Trigger.Name, typeof(string), Attribute(typeof(OrchestrationTriggerAttribute))),
        Triggers.Activity => new Parameter(function.Trigger.Name, typeof(string), Attribute(typeof(ActivityTriggerAttribute))),
        Triggers.Entity => new Parameter(function.Trigger.Name, typeof(string), Attribute(typeof(EntityTriggerAttribute))),
        Triggers.Timer => new Parameter(function.Trigger.Name, typeof(TimerInfo), Timer(function.Trigger)),
        _ => new Parameter(function.Trigger.Name, typeof(HttpContext), null),
    };

    private static CustomAttributeBuilder Timer(Binding trigger)
    {
        var type = typeof(TimerTriggerAttribute);
        return new CustomAttributeBuilder(
            type.GetConstructor([typeof(string)])!, [trigger["schedule"] ?? string.Empty],
            [type.GetProperty(nameof(TimerTriggerAttribute.RunOnStartup))!, type.GetProperty(nameof(TimerTriggerAttribute.UseMonitor))!],
            [trigger.Flag("runOnStartup", standard: false), trigger.Flag("useMonitor", standard: true)]);
    }

    private static CustomAttributeBuilder Attribute(Type type, params object[] arguments) =>
        new(type.GetConstructor([.. arguments.Select(argument => argument.GetType())])!, arguments);

    /// <param name="Attribute">Null for one that is passed by name.</param>
    private sealed record Parameter(string Name, Type Type, CustomAttributeBuilder? Attribute);
}

/// <summary>What every emitted method calls.</summary>
/// <param name="function">The function's name.</param>
/// <param name="arguments">In the order of its parameters.</param>
/// <returns>What the function returned: text, a <c>JToken</c>, or null.</returns>
public delegate Task<object?> FunctionCall(string function, object?[] arguments, CancellationToken stop);
