using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Binds a parameter of the exact type DurableTaskClient.</summary>
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>Another task hub than the app's own.</summary>
    public string? TaskHub { get; set; }

    /// <summary>Another storage connection setting than the app's own.</summary>
    public string? ConnectionName { get; set; }
}
