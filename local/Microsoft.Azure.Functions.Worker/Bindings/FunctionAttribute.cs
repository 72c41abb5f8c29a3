namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes a public method, static or instance, a function. Names are unique in an app, whatever their casing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
