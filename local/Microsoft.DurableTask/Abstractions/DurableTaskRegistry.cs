using System.Reflection;

namespace Microsoft.DurableTask;

/// <summary>The orchestrators and activities a worker runs, by name and version.</summary>
public sealed partial class DurableTaskRegistry
{
    internal Dictionary<TaskVersionKey, Func<IServiceProvider, ITaskOrchestrator>> Orchestrators { get; } = [];

    internal Dictionary<TaskVersionKey, Func<IServiceProvider, ITaskActivity>> Activities { get; } = [];

    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskOrchestrator>>> GetOrchestrators() =>
        Orchestrators.Select(entry => KeyValuePair.Create(entry.Key.Name, entry.Value));

    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskActivity>>> GetActivities() =>
        Activities.Select(entry => KeyValuePair.Create(entry.Key.Name, entry.Value));

    private DurableTaskRegistry Add<TTask>(
        Dictionary<TaskVersionKey, Func<IServiceProvider, TTask>> tasks, TaskName name, TaskVersion version, Func<IServiceProvider, TTask> factory)
    {
        if (name == default)
            throw new ArgumentException("A task needs a name.", nameof(name));
        if (!tasks.TryAdd(new TaskVersionKey(name, version), factory))
        {
            var which = version == default ? $"'{name}'" : $"'{name}' with version '{version}'";
            throw new ArgumentException($"An {typeof(TTask).Name} named {which} is already added.", nameof(name));
        }

        return this;
    }

    private static Type Concrete<TTask>(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return typeof(TTask).IsAssignableFrom(type) && type is { IsAbstract: false, IsInterface: false }
            ? type
            : throw new ArgumentException($"{type} is not a concrete class that implements {typeof(TTask).Name}.", nameof(type));
    }

    private static TaskName NameOf(Type type) =>
        type.GetCustomAttribute<DurableTaskAttribute>() is { Name.Name.Length: > 0 } named ? named.Name : new TaskName(type.Name);

    private static TaskVersion VersionOf(Type type) => new(type.GetCustomAttribute<DurableTaskAttribute>()?.Version);
}
