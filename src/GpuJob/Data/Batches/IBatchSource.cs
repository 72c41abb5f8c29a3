namespace LznPipeline.GpuJob.Data.Batches;

/// <summary>Gives every iteration its images.</summary>
internal interface IBatchSource : IDisposable
{
    /// <summary>Images in each batch: as many as asked for, or all of the set when there are fewer.</summary>
    int BatchSize { get; }

    /// <summary>Iterations in which every image is seen once, but for those that fill no whole batch.</summary>
    long BatchesPerEpoch { get; }

    /// <summary>The batch of an iteration: the same, bit for bit, whenever and in whatever order batches are asked for.</summary>
    /// <remarks>One thread asks at a time. Asking for the iterations one after the other is fast, because the next ones are made ready meanwhile.</remarks>
    Batch At(long iteration);
}
