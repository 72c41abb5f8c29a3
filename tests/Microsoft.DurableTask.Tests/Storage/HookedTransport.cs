using Azure.Core;
using Azure.Core.Pipeline;

namespace Microsoft.DurableTask.Tests.Storage;

/// <summary>A way to storage on which something can be done before a request leaves; what is thrown there keeps it from leaving.</summary>
internal sealed class HookedTransport(HttpPipelineTransport storage, Func<Request, Task> before) : HttpPipelineTransport
{
    public override Request CreateRequest() => storage.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("The engine has no synchronous requests.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        await before(message.Request);
        await storage.ProcessAsync(message);
    }
}
