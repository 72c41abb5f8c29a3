using Lzn.Functions.Catalog;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Lzn.Functions.Durable;

/// <summary>The parameter of an orchestrator function that takes its input: the first that nothing else supplies.</summary>
internal static class OrchestrationInput
{
    public static FunctionParameter? ParameterOf(FunctionDescriptor function) =>
        function.Arguments.FirstOrDefault(argument => argument.Origin == ParameterOrigin.Name)?.Parameter;

    /// <summary>The input for that parameter. As on Azure, only a value of exactly the parameter's type is bound: an interface or a nullable value stays null.</summary>
    public static object? Bind(object? input, Type type, DataConverter converter)
    {
        if (input is null)
            return null;
        var value = input.GetType() == type ? input : converter.Deserialize(converter.Serialize(input), type);
        return value?.GetType() == type ? value : null;
    }
}
