using LznPipeline.Shared.Jobs;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>Every event that the program logs.</summary>
internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Information, "{Verb} of run {RunId}, step {Step}, attempt {Attempt}")]
    internal static partial void Started(this ILogger log, string verb, string runId, string step, int attempt);

    [LoggerMessage(2, LogLevel.Information, "Done")]
    private static partial void Done(this ILogger log);

    [LoggerMessage(3, LogLevel.Warning, "Interrupted: {Reason}")]
    private static partial void Interrupted(this ILogger log, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Stopped, nothing published: {Reason}")]
    internal static partial void Fenced(this ILogger log, string reason);

    [LoggerMessage(5, LogLevel.Error, "Failed with exit code {ExitCode}: {Reason}")]
    private static partial void Failed(this ILogger log, int exitCode, string reason);

    [LoggerMessage(6, LogLevel.Critical, "Failed by a defect")]
    private static partial void Broken(this ILogger log, Exception defect);

    [LoggerMessage(7, LogLevel.Error, "The end of the job could not be recorded: {Reason}")]
    internal static partial void StoreLost(this ILogger log, string reason);

    [LoggerMessage(8, LogLevel.Information, "Asked to stop; what is worth saving is saved first")]
    internal static partial void StopRequested(this ILogger log);

    [LoggerMessage(9, LogLevel.Information, "Garbage was collected {AtRest} times at rest, {Between} times in between")]
    internal static partial void GarbageCollected(this ILogger log, int atRest, int between);

    [LoggerMessage(10, LogLevel.Information, "{Images} images in {Classes} classes found in {Source}, read as {Layout}; {Chosen} are taken")]
    internal static partial void SourceListed(this ILogger log, int images, int classes, string source, string layout, int chosen);

    [LoggerMessage(14, LogLevel.Warning, "Files of the source that are no part of the dataset, by ending: {Files}")]
    internal static partial void FilesLeftOut(this ILogger log, string files);

    [LoggerMessage(11, LogLevel.Warning, "Left out {Path}: {Reason}")]
    internal static partial void ImageSkipped(this ILogger log, string path, string reason);

    [LoggerMessage(12, LogLevel.Information, "Wrote {Shard}: {Images} images, {SizeBytes} bytes")]
    internal static partial void ShardWritten(this ILogger log, string shard, int images, long sizeBytes);

    [LoggerMessage(13, LogLevel.Warning, "{Path} cannot be used, another image takes its place: {Reason} ({Images} such images so far)")]
    internal static partial void ImageReplaced(this ILogger log, string path, string reason, int images);

    [LoggerMessage(20, LogLevel.Information, "{Images} images of {Shards} shards, {Size} pixels a side, {Place}")]
    internal static partial void ImagesFound(this ILogger log, long images, int shards, int size, string place);

    [LoggerMessage(21, LogLevel.Information, "Encoder of {EncoderParameters} parameters, decoder of {DecoderParameters}; batches of {BatchSize}")]
    internal static partial void ModelBuilt(this ILogger log, long encoderParameters, long decoderParameters, int batchSize);

    [LoggerMessage(41, LogLevel.Warning, "A checkpoint cannot be gone on from, so training goes on from an older one, or from the start. {Reason}")]
    internal static partial void CheckpointUnusable(this ILogger log, string reason);

    [LoggerMessage(22, LogLevel.Information, "Resumed from iteration {Iteration}, {Checkpoint}")]
    internal static partial void Resumed(this ILogger log, long iteration, string checkpoint);

    [LoggerMessage(23, LogLevel.Information, "Iteration {Iteration}: loss {Loss:0.0000} ({Quantities}), {ImagesPerSecond:0} images/s")]
    internal static partial void Trained(this ILogger log, long iteration, double loss, string quantities, double imagesPerSecond);

    [LoggerMessage(24, LogLevel.Information, "Checkpoint at iteration {Iteration}")]
    internal static partial void Checkpointed(this ILogger log, long iteration);

    [LoggerMessage(25, LogLevel.Warning, "{Skipped} steps up to iteration {Iteration} had a loss or gradient that is non-finite and were skipped")]
    internal static partial void StepsSkipped(this ILogger log, long skipped, long iteration);

    [LoggerMessage(26, LogLevel.Warning, "The time budget of {Budget} is spent: training ends after {Iteration} of {Iterations} iterations")]
    internal static partial void OutOfTime(this ILogger log, TimeSpan budget, long iteration, long iterations);

    [LoggerMessage(27, LogLevel.Information, "Pictures of iteration {Iteration}")]
    internal static partial void SamplesDrawn(this ILogger log, long iteration);

    [LoggerMessage(28, LogLevel.Warning, "No pictures of iteration {Iteration}, training goes on: {Reason}")]
    internal static partial void SamplesFailed(this ILogger log, long iteration, string reason);

    [LoggerMessage(30, LogLevel.Information, "{Name}: {Value:0.0000}")]
    internal static partial void Measured(this ILogger log, string name, double value);

    [LoggerMessage(40, LogLevel.Information, "{Rows} embeddings of dimension {Dimension} in {Part}")]
    internal static partial void Embedded(this ILogger log, long rows, int dimension, string part);

    [LoggerMessage(50, LogLevel.Information, "Rank {Rank} of {World} on {Host}; tensors travel through {Transport}")]
    internal static partial void Joined(this ILogger log, int rank, int world, string host, string transport);

    [LoggerMessage(51, LogLevel.Information, "{Verb} of run {RunId}, step {Step}, as rank {Rank}")]
    internal static partial void Follows(this ILogger log, string verb, string runId, string step, int rank);

    [LoggerMessage(52, LogLevel.Warning, "Tensors cannot travel through {Transport}, another way is taken: {Reason}")]
    internal static partial void TransportMissing(this ILogger log, string transport, string reason);

    [LoggerMessage(60, LogLevel.Information, "{Stage}: {Done} of {Total}")]
    internal static partial void Progressed(this ILogger log, string stage, long done, long total);

    [LoggerMessage(61, LogLevel.Warning, "Left out {Skipped} of {Images} images")]
    internal static partial void ImagesSkipped(this ILogger log, int skipped, int images);

    [LoggerMessage(62, LogLevel.Warning, "Only {Images} images share the latent space; the model's evaluation has {BatchSize}. "
        + "Among few zones a latent says little about its image: name others like those of training with --reference")]
    internal static partial void FewZones(this ILogger log, long images, int batchSize);

    [LoggerMessage(63, LogLevel.Information, "Wrote {Path}: {Content}")]
    internal static partial void Written(this ILogger log, string path, string content);

    internal static void Ended(this ILogger log, JobEnd end)
    {
        switch (end)
        {
            case { Cause: null }: log.Done(); break;
            case { State: JobState.Interrupted }: log.Interrupted(end.Cause.Message); break;
            case { State: null }: log.Fenced(end.Cause.Message); break;
            case { ExitCode: ExitCode.Bug }: log.Broken(end.Cause); break;
            default: log.Failed(end.ExitCode, end.Cause.Message); break;
        }
    }
}

/// <summary>Lines on the console, for people.</summary>
internal sealed class ConsoleLog(TextWriter console) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            console.WriteLine(Line(DateTimeOffset.UtcNow, logLevel, formatter(state, exception), exception));
    }

    internal static string Line(DateTimeOffset at, LogLevel level, string message, Exception? exception) =>
        (level >= LogLevel.Warning ? $"{at:HH:mm:ss} {level.ToString().ToUpperInvariant()} {message}" : $"{at:HH:mm:ss} {message}")
        + (exception is null ? "" : $"{Environment.NewLine}{exception}");
}
