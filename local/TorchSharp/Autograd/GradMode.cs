using Lzn.Torch.Interop;

namespace TorchSharp;

/// <summary>Whether operators record what backward needs, on this thread, until disposed.</summary>
internal sealed class GradMode : IDisposable
{
    private readonly int _previous = Native.lzn_grad_enabled();

    internal GradMode(bool enabled) => Native.lzn_set_grad_enabled(enabled ? 1 : 0);

    internal static bool IsEnabled => Native.lzn_grad_enabled() != 0;

    public void Dispose() => Native.lzn_set_grad_enabled(_previous);
}

/// <summary>Like no_grad, and the tensors created cannot take part in recording later; cheaper. On this thread, until disposed.</summary>
internal sealed class InferenceMode(bool enabled) : IDisposable
{
    private nint _guard = Native.lzn_inference_begin(enabled ? 1 : 0);

    public void Dispose()
    {
        if (_guard == 0) return;
        Native.lzn_inference_end(_guard);
        _guard = 0;
    }
}

/// <summary>Backward names the forward operator that produced a NaN. Slow; until disposed.</summary>
public sealed class AnomalyMode : IDisposable
{
    private readonly int _previous = Native.lzn_anomaly_enabled();
    private readonly int _previousCheck = Native.lzn_anomaly_checks_nan();

    public AnomalyMode(bool enabled, bool check_nan = true) => Native.lzn_set_anomaly(enabled ? 1 : 0, check_nan ? 1 : 0);

    public static bool IsEnabled => Native.lzn_anomaly_enabled() != 0;

    public static bool ShouldCheckNaN => Native.lzn_anomaly_checks_nan() != 0;

    public void Dispose() => Native.lzn_set_anomaly(_previous, _previousCheck);
}
