using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Lzn.Durable.InMemory;

/// <summary>The queue service: messages that hide while somebody has them, and receipts that grow old.</summary>
internal sealed class MemoryQueues(TimeProvider clock)
{
    private static readonly TimeSpan DefaultVisibility = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, List<Message>> _queues = [];
    private long _receipts;

    public MemoryResponse Answer(MemoryRequest request)
    {
        var name = request.Path[1];
        if (request.Path.Count == 2)
            return AnswerQueue(request, name);
        if (!_queues.TryGetValue(name, out var messages))
            return MemoryResponse.Error(404, "QueueNotFound");
        var id = request.Path[2].Split('/') is [_, var last] ? last : null;
        return (request.Method, id) switch
        {
            ("POST", null) => Send(request, messages),
            ("GET", null) => Receive(request, messages),
            ("DELETE", null) => Clear(messages),
            (_, null) => throw new NotSupportedException($"The storage in memory has no {request.Method} of messages."),
            _ => AnswerMessage(request, messages, id),
        };
    }

    private MemoryResponse AnswerQueue(MemoryRequest request, string name) => request.Method switch
    {
        "PUT" => new MemoryResponse(_queues.TryAdd(name, []) ? 201 : 204),
        "DELETE" => _queues.Remove(name) ? new MemoryResponse(204) : MemoryResponse.Error(404, "QueueNotFound"),
        _ => _queues.TryGetValue(name, out var messages) ? new MemoryResponse(200).Set("x-ms-approximate-messages-count", $"{messages.Count}") : MemoryResponse.Error(404, "QueueNotFound"),
    };

    private MemoryResponse Send(MemoryRequest request, List<Message> messages)
    {
        var message = new Message(Guid.NewGuid().ToString(), clock.GetUtcNow()) { Text = TextOf(request), Receipt = NewReceipt() };
        message.VisibleAt = message.InsertedAt + TimeSpan.FromSeconds(request.QueryNumber("visibilitytimeout") ?? 0);
        messages.Add(message);
        return Listing(201, [message], withText: false);
    }

    private MemoryResponse Receive(MemoryRequest request, List<Message> messages)
    {
        var now = clock.GetUtcNow();
        var found = messages.Where(message => message.VisibleAt <= now).Take(request.QueryNumber("numofmessages") ?? 1).ToList();
        if (request.Query("peekonly") == "true")
            return Listing(200, found, withText: true);
        foreach (var message in found)
        {
            message.Deliveries++;
            message.Receipt = NewReceipt();
            message.VisibleAt = now + (request.QueryNumber("visibilitytimeout") is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultVisibility);
        }

        return Listing(200, found, withText: true);
    }

    private MemoryResponse AnswerMessage(MemoryRequest request, List<Message> messages, string id)
    {
        if (messages.Find(message => message.Id == id) is not { } found)
            return MemoryResponse.Error(404, "MessageNotFound");
        if (request.Query("popreceipt") != found.Receipt)
            return MemoryResponse.Error(400, "PopReceiptMismatch");
        if (request.Method == "DELETE")
        {
            messages.Remove(found);
            return new MemoryResponse(204);
        }

        if (request.Body.Length > 0)
            found.Text = TextOf(request);
        found.Receipt = NewReceipt();
        found.VisibleAt = clock.GetUtcNow() + TimeSpan.FromSeconds(request.QueryNumber("visibilitytimeout") ?? 0);
        return new MemoryResponse(204).Set("x-ms-popreceipt", found.Receipt).Set("x-ms-time-next-visible", Time(found.VisibleAt));
    }

    private static MemoryResponse Clear(List<Message> messages)
    {
        messages.Clear();
        return new MemoryResponse(204);
    }

    private static MemoryResponse Listing(int status, IReadOnlyList<Message> messages, bool withText)
    {
        var list = new XElement("QueueMessagesList", messages.Select(message => new XElement(
            "QueueMessage",
            new XElement("MessageId", message.Id),
            new XElement("InsertionTime", Time(message.InsertedAt)),
            new XElement("ExpirationTime", Time(message.InsertedAt.AddYears(100))),
            new XElement("PopReceipt", message.Receipt),
            new XElement("TimeNextVisible", Time(message.VisibleAt)),
            new XElement("DequeueCount", message.Deliveries),
            withText ? new XElement("MessageText", message.Text) : null)));
        return MemoryResponse.Xml(status, list.ToString(SaveOptions.DisableFormatting));
    }

    private static string TextOf(MemoryRequest request) => XDocument.Parse(Encoding.UTF8.GetString(request.Body).TrimStart('\uFEFF')).Root?.Element("MessageText")?.Value ?? "";

    private static string Time(DateTimeOffset at) => at.ToString("r", CultureInfo.InvariantCulture);

    private string NewReceipt() => $"r{++_receipts}";

    private sealed class Message(string id, DateTimeOffset insertedAt)
    {
        public string Id => id;

        public DateTimeOffset InsertedAt => insertedAt;

        public string Text { get; set; } = "";

        public string Receipt { get; set; } = "";

        public DateTimeOffset VisibleAt { get; set; }

        public int Deliveries { get; set; }
    }
}
