namespace Microsoft.DurableTask.Testing;

/// <summary>What <see cref="DurableTaskTestExtensions.AddInMemoryDurableTask"/> may be told.</summary>
public class InMemoryDurableTaskOptions
{
    /// <inheritdoc cref="DurableTaskTestHostOptions.Port"/>
    public int? Port { get; set; }
}
