using Lzn.Durable.Storage;

namespace Lzn.Durable.Hosting;

/// <summary>A message on its way into a history.</summary>
internal sealed record Delivery(ControlMessage Message, bool IsHandOver = false)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Tells a session that its partition goes to another host.</summary>
    public static Delivery HandOver(string instanceId) => new(new ControlMessage(instanceId), IsHandOver: true);

    /// <summary>Ends when the message's effect is committed, or is known to have none.</summary>
    public Task Done => _done.Task;

    public void Settle() => _done.TrySetResult();

    public void Fail(Exception fault) => _done.TrySetException(fault);
}
