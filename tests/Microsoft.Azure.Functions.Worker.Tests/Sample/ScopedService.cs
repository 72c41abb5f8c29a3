namespace Microsoft.Azure.Functions.Worker.Tests.Sample;

/// <summary>Shows how many scopes an invocation has, and that they end.</summary>
internal sealed class ScopedService(Journal journal) : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public void Dispose() => journal.Write("disposed " + Id);
}
