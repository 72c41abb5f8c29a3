using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DurableTask.Worker;

internal sealed class DurableTaskFactory(DurableTaskRegistry registry) : IDurableTaskFactory, IVersionedTaskFactory
{
    private readonly HashSet<TaskName> _versionedActivities = VersionedNames(registry.Activities);
    private readonly HashSet<TaskName> _versionedOrchestrators = VersionedNames(registry.Orchestrators);

    public bool TryCreateActivity(TaskName name, IServiceProvider serviceProvider, [NotNullWhen(true)] out ITaskActivity? activity) =>
        TryCreateActivity(name, default, serviceProvider, out activity);

    public bool TryCreateOrchestrator(TaskName name, IServiceProvider serviceProvider, [NotNullWhen(true)] out ITaskOrchestrator? orchestrator) =>
        TryCreateOrchestrator(name, default, serviceProvider, out orchestrator);

    public bool TryCreateActivity(TaskName name, TaskVersion version, IServiceProvider serviceProvider, [NotNullWhen(true)] out ITaskActivity? activity) =>
        TryCreate(registry.Activities, _versionedActivities, name, version, serviceProvider, out activity);

    public bool TryCreateOrchestrator(
        TaskName name, TaskVersion version, IServiceProvider serviceProvider, [NotNullWhen(true)] out ITaskOrchestrator? orchestrator) =>
        TryCreate(registry.Orchestrators, _versionedOrchestrators, name, version, serviceProvider, out orchestrator);

    private static bool TryCreate<TTask>(
        Dictionary<TaskVersionKey, Func<IServiceProvider, TTask>> tasks,
        HashSet<TaskName> versioned,
        TaskName name,
        TaskVersion version,
        IServiceProvider services,
        [NotNullWhen(true)] out TTask? task)
        where TTask : class
    {
        if (!tasks.TryGetValue(new TaskVersionKey(name, version), out var factory) && !versioned.Contains(name))
            tasks.TryGetValue(new TaskVersionKey(name, default), out factory);
        task = factory?.Invoke(services);
        return task is not null;
    }

    private static HashSet<TaskName> VersionedNames<TTask>(Dictionary<TaskVersionKey, TTask> tasks) =>
        [.. tasks.Keys.Where(key => key.Version != default).Select(key => key.Name)];
}
