using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Functions.Catalog;

/// <summary>Finds functions by reflection and checks that each can be run; what is wrong is collected, not thrown.</summary>
internal sealed class FunctionDiscovery(ICollection<string> problems)
{
    private readonly List<FunctionDescriptor> _found = [];

    /// <param name="types">Types searched for public methods with a function attribute; the types themselves may be internal.</param>
    public FunctionCatalog Find(IEnumerable<Type> types)
    {
        foreach (var type in types)
        {
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute)
                    Add(attribute.Name, method);
            }
        }

        foreach (var twins in _found.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            problems.Add($"Function '{twins.Key}' is declared {twins.Count()} times: {string.Join(", ", twins.Select(twin => twin.EntryPoint))}. Names are unique, whatever their casing; rename all but one.");
        return new FunctionCatalog(_found);
    }

    private void Add(string name, MethodInfo method)
    {
        var where = $"Function '{name}' ({method.DeclaringType?.FullName}.{method.Name})";
        if (string.IsNullOrWhiteSpace(name) || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'))
            problems.Add($"{where}: the name is '{name}'. Allowed: letters, digits, '_' and '-'.");
        if (method.ContainsGenericParameters || method.DeclaringType is { IsAbstract: true, IsSealed: false } && !method.IsStatic)
            problems.Add($"{where}: an open generic method or a method of an abstract class cannot be run. Move it to a concrete class.");
        if (method.ReturnType == typeof(void) && method.GetCustomAttribute<AsyncStateMachineAttribute>() is not null)
            problems.Add($"{where}: 'async void' cannot be awaited, so its failures are lost. Return Task.");

        var triggers = method.GetParameters().Where(parameter => parameter.GetCustomAttribute<TriggerBindingAttribute>() is not null).ToList();
        if (triggers.Count != 1)
        {
            problems.Add($"{where}: {triggers.Count} parameters have a trigger attribute. Allowed: exactly one, such as [HttpTrigger] or [ActivityTrigger].");
            return;
        }

        if (!CheckTrigger(where, triggers[0]) | !CheckOthers(where, method))
            return;
        _found.Add(new FunctionDescriptor(name, method, triggers[0], triggers[0].GetCustomAttribute<TriggerBindingAttribute>()!));
    }

    private bool CheckTrigger(string where, ParameterInfo parameter) => parameter.GetCustomAttribute<TriggerBindingAttribute>() switch
    {
        HttpTriggerAttribute { AuthLevel: AuthorizationLevel.User } =>
            Problem($"{where}: authorization level User is not supported. Allowed: Anonymous, Function, System, Admin."),
        HttpTriggerAttribute => MustBe(where, parameter, typeof(HttpRequest), typeof(HttpRequestData), typeof(FunctionContext)),
        TimerTriggerAttribute => MustBe(where, parameter, typeof(TimerInfo), typeof(FunctionContext)),
        OrchestrationTriggerAttribute => MustBe(where, parameter, typeof(TaskOrchestrationContext)),
        ActivityTriggerAttribute => true,
        var other => Problem($"{where}: parameter '{parameter.Name}' has trigger {other!.GetType().Name}, which this host does not know. Allowed: HttpTrigger, TimerTrigger, OrchestrationTrigger, ActivityTrigger."),
    };

    private bool CheckOthers(string where, MethodInfo method)
    {
        var good = true;
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
                good &= Problem($"{where}: parameter '{parameter.Name}' is passed by reference. Functions return their results.");
            good &= parameter.GetCustomAttribute<BindingAttribute>() switch
            {
                null or TriggerBindingAttribute => true,
                DurableClientAttribute => MustBe(where, parameter, typeof(DurableTaskClient)),
                var other => Problem($"{where}: parameter '{parameter.Name}' has binding {other.GetType().Name}, which this host does not know. Allowed: DurableClient, FromBody, or no attribute."),
            };
        }

        return good;
    }

    private bool MustBe(string where, ParameterInfo parameter, params Type[] allowed) => allowed.Contains(parameter.ParameterType)
        || Problem($"{where}: parameter '{parameter.Name}' is {parameter.ParameterType}. Allowed there: {string.Join(", ", allowed.Select(type => type.Name))}.");

    private bool Problem(string text)
    {
        problems.Add(text);
        return false;
    }
}
