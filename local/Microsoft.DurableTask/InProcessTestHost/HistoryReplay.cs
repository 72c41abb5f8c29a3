using Lzn.Durable.History;
using Lzn.Durable.Replay;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lzn.Durable.Testing;

/// <summary>Runs today's orchestrators over histories that earlier code has written: a change that would break running instances fails here first.</summary>
public static class HistoryReplay
{
    /// <summary>A history as the hub stores it: one line of JSON for each turn. For test data.</summary>
    public static string ToText(IReadOnlyList<HistoryBatch> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return string.Concat(history.Select(turn => System.Text.Encoding.UTF8.GetString(HistoryJson.ToBytes(turn)) + "\n"));
    }

    /// <exception cref="System.Text.Json.JsonException">A line is not a turn.</exception>
    public static IReadOnlyList<HistoryBatch> FromText(string lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => HistoryJson.FromBytes<HistoryBatch>(System.Text.Encoding.UTF8.GetBytes(line), "The history"))];
    }

    /// <summary>Makes the orchestrator decide again what it decided then. No activity runs.</summary>
    /// <param name="tasks">Registers the orchestrators.</param>
    /// <param name="history">As <see cref="IOrchestrationHistory"/> gives it, payloads included.</param>
    /// <param name="converter">As the worker's; JSON if left out.</param>
    /// <exception cref="DurableTask.Core.Exceptions.NonDeterministicOrchestrationException">The code decides otherwise; the message shows both.</exception>
    public static void Run(Action<DurableTaskRegistry> tasks, IReadOnlyList<HistoryBatch> history, DataConverter? converter = null)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(history);
        using var services = new ServiceCollection().AddDurableTaskWorker(worker => worker.AddTasks(tasks).UseBuildTarget<IdleWorker>()).BuildServiceProvider();
        var factory = (IVersionedTaskFactory)services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<IdleWorker>().Single().Tasks;
        var settings = new ReplaySettings(
            (name, version) => factory.TryCreateOrchestrator(name, version, services, out var orchestrator) ? orchestrator : null, converter ?? JsonDataConverter.Default, NullLoggerFactory.Instance);
        var execution = new OrchestrationExecution(settings);
        foreach (var turn in history)
            execution.Replay(turn);
    }

    /// <summary>A worker that does nothing, for the registry that it is built with.</summary>
    private sealed class IdleWorker(string name, IDurableTaskFactory factory) : Microsoft.DurableTask.Worker.Hosting.DurableTaskWorker(name, factory)
    {
        public IDurableTaskFactory Tasks => Factory;

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
