namespace Microsoft.DurableTask;

/// <summary>Names an orchestrator or activity class, and may give it a version.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DurableTaskAttribute(string? name = null) : Attribute
{
    public TaskName Name { get; } = new(name!); // null is the default name

    public string? Version { get; set; }
}
