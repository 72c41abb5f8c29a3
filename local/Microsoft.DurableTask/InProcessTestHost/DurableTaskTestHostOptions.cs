using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask.Testing;

/// <summary>What a <see cref="DurableTaskTestHost"/> may be told.</summary>
public class DurableTaskTestHostOptions
{
    /// <summary>The package's sidecar listens here. This host has no sidecar and opens no port.</summary>
    public int? Port { get; set; }

    /// <summary>Where the logs of orchestrations and of the engine go; nowhere if left out.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Registers what activities and orchestrators need. A <see cref="TimeProvider"/> registered here is the time that orchestrations see.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; set; }
}
