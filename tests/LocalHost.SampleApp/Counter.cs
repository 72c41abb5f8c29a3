using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Entities;

namespace LocalHost.SampleApp;

internal sealed class Counter : TaskEntity<int>
{
    [Function(nameof(Counter))]
    public static Task Dispatch([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Counter>();

    public void Add(int amount) => State += amount;

    public int Get() => State;
}
