using Lzn.Durable.Replay;
using Lzn.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Hosting;

/// <summary>What everything in a host shares.</summary>
internal sealed record HostServices(TaskHub Hub, AzureStorageDurableOptions Options, ReplaySettings Replay, ActivityRunner Activities, SemaphoreSlim Turns, ILogger Logger);
