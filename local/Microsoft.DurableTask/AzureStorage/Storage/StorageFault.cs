using Azure;

namespace Lzn.Durable.Storage;

/// <summary>What a failed storage request means.</summary>
internal static class StorageFault
{
    /// <summary>
    /// Storage may answer differently in a while: unreachable, overloaded, broken connection, no answer in time. A request that took too long and one whose caller gave up end alike; the caller
    /// knows which it was, and asks its own token first.
    /// </summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500,
        AggregateException several => several.InnerExceptions.All(IsTransient),
        OperationCanceledException or HttpRequestException or IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Worth trying again for as long as it takes: besides what passes by itself also what a person can mend, such as a deleted queue or a missing right.</summary>
    public static bool MayHeal(Exception fault) => fault is RequestFailedException || IsTransient(fault);

    /// <summary>Somebody else wrote first.</summary>
    public static bool IsConflict(Exception fault) => fault is RequestFailedException { Status: 409 or 412 };

    public static bool IsMissing(Exception fault) => fault is RequestFailedException { Status: 404 };
}
