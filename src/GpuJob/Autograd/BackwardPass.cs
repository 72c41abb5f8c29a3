using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Autograd;

/// <summary>Computes gradients; nothing else may, since what fails in an <see cref="OwnGradient{TSelf,TState}"/> on the way is thrown here.</summary>
/// <remarks>
/// The backward pass runs in native code, which no exception of ours may cross: it would end the process at once. So the first failure is
/// remembered, all that follows is left out, and the failure is thrown when native code has come back.
/// And tensors made on the way end with the pass, as native code holds what it needs.
/// </remarks>
internal sealed class BackwardPass : IDisposable
{
    [ThreadStatic]
    private static BackwardPass? _ofThread;

    private static BackwardPass? _latest;       // devices but the processor compute on a thread of libtorch's; their process has one pass at a time

    private readonly ThreadLocal<Tensor?[]> _handedOver = new(() => [], trackAllValues: true);      // by each thread's last function
    private ExceptionDispatchInfo? _failure;

    private BackwardPass()
    {
    }

    /// <summary>Adds to the gradients of all that <paramref name="output"/> was computed from.</summary>
    /// <remarks>
    /// TorchSharp's grad, which would return gradients, lets libtorch's own exceptions end the process. So does its matmul, where shapes do not
    /// fit; mm and bmm do not.
    /// </remarks>
    /// <param name="gradient">In the output, of its shape; null for 1, if it is a single number.</param>
    internal static void From(Tensor output, Tensor? gradient = null)
    {
        using var scope = NewDisposeScope();
        using var pass = new BackwardPass();
        var (outer, latest) = (_ofThread, _latest);
        (_ofThread, _latest) = (pass, pass);
        try
        {
            autograd.backward([output], gradient is null ? null : [gradient]);
        }
        catch (ExternalException) when (pass._failure is not null)
        {
            // a consequence of the failure that is thrown below
        }
        finally
        {
            (_ofThread, _latest) = (outer, latest);
        }

        pass._failure?.Throw();
    }

    public void Dispose()
    {
        foreach (var gradients in _handedOver.Values)
            End(gradients);
        _handedOver.Dispose();
    }

    /// <summary>Lets a function compute its gradients, and keeps them until native code has taken them.</summary>
    /// <param name="given">Tensors that native code made for the function; they end with it.</param>
    /// <param name="compute">Called in a dispose scope of its own.</param>
    /// <returns>Nothing if something failed, now or before in this pass.</returns>
    internal static Tensor?[]? Compute(IEnumerable<Tensor> given, Func<Tensor?[]> compute)
    {
        var pass = _ofThread ?? _latest
            ?? throw new InvalidOperationException(
                $"A backward pass was begun outside of {nameof(BackwardPass)}, where a failure ends the process. Begin it there.");
        if (pass._failure is not null)
            return null;
        try
        {
            using var scope = NewDisposeScope();
            scope.Attach(given);
            return pass.Keep(compute());
        }
        catch (Exception failed)
        {
            Interlocked.CompareExchange(ref pass._failure, ExceptionDispatchInfo.Capture(failed), null);
            return null;
        }
    }

    /// <summary>A thread that comes by again has given the last ones to native code: so the gradients of one function are kept, and not of all.</summary>
    private Tensor?[] Keep(Tensor?[] gradients)
    {
        foreach (var gradient in gradients)
            gradient?.DetachFromDisposeScope();
        var before = _handedOver.Value!;            // never null
        _handedOver.Value = gradients;
        End(before);
        return gradients;
    }

    private static void End(Tensor?[] gradients)
    {
        foreach (var gradient in gradients)
            gradient?.Dispose();
    }
}
