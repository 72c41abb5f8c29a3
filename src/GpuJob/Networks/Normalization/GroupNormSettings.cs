namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>What a normalisation needs beside tensors.</summary>
internal sealed record GroupNormSettings(int Groups, double Eps, DropoutMask Mask);
