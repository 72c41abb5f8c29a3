using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.DurableTask.Worker.Hosting;

/// <summary>Base of the hosted services that run orchestrations and activities from a backend.</summary>
public abstract class DurableTaskWorker(string? name, IDurableTaskFactory factory) : BackgroundService
{
    protected virtual string Name { get; } = name ?? Options.DefaultName;

    protected virtual IDurableTaskFactory Factory { get; } = factory;
}
