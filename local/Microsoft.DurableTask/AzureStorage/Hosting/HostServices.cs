using Lzn.Durable.Replay;
using Lzn.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Hosting;

/// <summary>What everything in a host shares.</summary>
/// <param name="Turns">So many orchestrators run at a time.</param>
/// <param name="Clock">The time that orchestrations see. Leases and pauses go by the system's clock.</param>
internal sealed record HostServices(
    TaskHub Hub,
    AzureStorageDurableOptions Options,
    ReplaySettings Replay,
    HostRegistry Hosts,
    ActivitySlots Slots,
    ActivityRunner Activities,
    SemaphoreSlim Turns,
    TimeProvider Clock,
    ILogger Logger);
