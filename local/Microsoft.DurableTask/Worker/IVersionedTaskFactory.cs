using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DurableTask.Worker;

/// <summary>
/// Makes tasks by name and version. A version that is not registered falls back to the unversioned registration, but only of a name
/// that has no versions at all: otherwise the caller would get another implementation than asked for.
/// </summary>
internal interface IVersionedTaskFactory
{
    bool TryCreateActivity(TaskName name, TaskVersion version, IServiceProvider serviceProvider, [NotNullWhen(true)] out ITaskActivity? activity);

    bool TryCreateOrchestrator(TaskName name, TaskVersion version, IServiceProvider serviceProvider, [NotNullWhen(true)] out ITaskOrchestrator? orchestrator);
}
