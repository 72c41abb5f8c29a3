using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Lzn.Durable.History;

namespace Lzn.Durable.Storage;

/// <summary>The storage of one task hub, shared by the worker and the clients of a process.</summary>
internal sealed class TaskHub
{
    private readonly AzureStorageDurableOptions _options;
    private readonly QueueServiceClient _queues;
    private readonly BlobContainerClient _startup;
    private readonly SemaphoreSlim _opening = new(1);
    private QueueClient[] _controlQueues = [];

    public TaskHub(AzureStorageDurableOptions options)
    {
        options.Validate();
        _options = options;
        Container = Blobs(Configured(new BlobClientOptions(), patient: true)).GetBlobContainerClient(HubNames.Container(options.HubName));
        _startup = Blobs(Configured(new BlobClientOptions(), patient: false)).GetBlobContainerClient(HubNames.Container(options.HubName));
        var queueOptions = Configured(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }, patient: true);
        _queues = options.ConnectionString is { } connection ? new(connection, queueOptions) : new(options.QueueServiceUri, options.Credential, queueOptions);
        PoisonQueue = _queues.GetQueueClient(HubNames.PoisonQueue(options.HubName));
        ActivityQueue = _queues.GetQueueClient(HubNames.ActivityQueue(options.HubName));
        Payloads = new PayloadStore(Container);
        Bodies = new QueueBodies(Payloads);
        Activities = new ActivityQueue(ActivityQueue, Bodies, Payloads, options.ActivityVisibilityTimeout);
        Histories = new HistoryStore(Container, Payloads);
        Instances = new InstanceStore(Container, Payloads);
        Messages = new MessageSender(this);
    }

    public BlobContainerClient Container { get; }

    public QueueClient PoisonQueue { get; }

    public QueueClient ActivityQueue { get; }

    public HubHealth Health { get; } = new();

    public PayloadStore Payloads { get; }

    public QueueBodies Bodies { get; }

    public ActivityQueue Activities { get; }

    public HistoryStore Histories { get; }

    public InstanceStore Instances { get; }

    public MessageSender Messages { get; }

    /// <summary>The partitions that this process runs, and who waits in it for instances to change.</summary>
    public LocalHub Local { get; } = new();

    public int PartitionCount => _controlQueues.Length;

    public int PartitionOf(string instanceId) => HubNames.PartitionOf(instanceId, PartitionCount);

    public QueueClient ControlQueue(int partition) => _controlQueues[partition];

    /// <summary>Creates what the hub needs, or finds it. Does nothing from the second call on.</summary>
    /// <exception cref="HubUnavailableException">Storage does not answer, or the hub there is another one.</exception>
    public async Task OpenAsync(CancellationToken stop)
    {
        if (_controlQueues.Length > 0)
            return;
        await _opening.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (_controlQueues.Length == 0)
                _controlQueues = await CreateAsync(stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested && StorageFault.IsTransient(fault))
        {
            throw new HubUnavailableException(
                $"Blob storage is not reachable at {_startup.Uri.GetLeftPart(UriPartial.Authority)} (task hub '{_options.HubName}'). "
                + "Start it (locally: Azurite), or correct the connection string.",
                fault);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<QueueClient[]> CreateAsync(CancellationToken stop)
    {
        await _startup.CreateIfNotExistsAsync(cancellationToken: stop).ConfigureAwait(false);
        var wanted = new HubRecord(_options.PartitionCount, Guid.NewGuid().ToString("N"), DateTimeOffset.UtcNow);
        var hub = await FixAsync(wanted, stop).ConfigureAwait(false);
        var queues = Enumerable.Range(0, hub.Partitions).Select(number => _queues.GetQueueClient(HubNames.ControlQueue(_options.HubName, number))).ToArray();
        await Task.WhenAll(queues.Append(PoisonQueue).Append(ActivityQueue).Select(queue => queue.CreateIfNotExistsAsync(cancellationToken: stop))).ConfigureAwait(false);
        return queues;
    }

    /// <summary>The hub's first opener decides the number of partitions, because instances are assigned by it; all others follow.</summary>
    private async Task<HubRecord> FixAsync(HubRecord wanted, CancellationToken stop)
    {
        var blob = _startup.GetBlobClient("hub.json");
        if (await blob.TryCreateAsync(HistoryJson.ToBytes(wanted), metadata: null, stop).ConfigureAwait(false) is not null)
            return wanted;
        var stored = await blob.DownloadContentAsync(stop).ConfigureAwait(false);
        return stored.Value.Content.ToObjectFromJson<HubRecord>(HistoryJson.Options)
            ?? throw new HubUnavailableException($"{blob.Uri} does not describe a task hub.");
    }

    private BlobServiceClient Blobs(BlobClientOptions options) =>
        _options.ConnectionString is { } connection ? new(connection, options) : new(_options.BlobServiceUri, _options.Credential, options);

    /// <param name="patient">Whether to ride out a blip, or to give up within seconds so that a start can say what is missing.</param>
    private T Configured<T>(T options, bool patient)
        where T : ClientOptions
    {
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = patient ? 4 : 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(patient ? 5 : 1);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(patient ? 30 : 4);
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.AddPolicy(new OperationCounter(), HttpPipelinePosition.PerRetry);
        _options.ConfigureClients?.Invoke(options);
        return options;
    }

    /// <param name="Id">Tells two hubs of one name apart when one was deleted and made again.</param>
    private sealed record HubRecord(int Partitions, string Id, DateTimeOffset CreatedAt);
}
