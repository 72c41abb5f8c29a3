using Microsoft.Extensions.Options;

namespace Microsoft.DurableTask.Client;

internal sealed class DefaultDurableTaskClientProvider(IEnumerable<NamedClient> clients) : IDurableTaskClientProvider
{
    public DurableTaskClient GetClient(string? name = null) =>
        clients.FirstOrDefault(client => client.Name == (name ?? Options.DefaultName))?.Client.Value
        ?? throw new ArgumentOutOfRangeException(
            nameof(name), name, $"There is no durable task client of this name. There are: {string.Join(", ", clients.Select(client => $"\"{client.Name}\""))}.");
}

internal sealed record NamedClient(string Name, Lazy<DurableTaskClient> Client) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Client.IsValueCreated ? Client.Value.DisposeAsync() : default;
}
