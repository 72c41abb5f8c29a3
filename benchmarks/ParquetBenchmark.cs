using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using LznPipeline.Cli.Hosting;
using LznPipeline.GpuJob.Embedding;
using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;
using Parquet;
using Parquet.Data;

namespace LznPipeline.Benchmarks;

/// <summary>
/// The embedding file that the pipeline publishes, written as it does and read by Parquet.Net, in megabytes of floats a second on one thread. The peer is
/// DuckDB on one thread, which reads the same file and writes the same table from its own memory. Files lie in the temporary folder, mostly in the page cache.
/// </summary>
internal sealed class ParquetBenchmark : IBenchmark
{
    private const int Rows = 100_000;
    private const int Dimension = 256;
    private const double Megabytes = (double)Rows * Dimension * sizeof(float) / 1e6;
    private const string Peer = "DuckDB";

    private static readonly EmbeddingIdentity Identity =
        new(new ModelRef("bench", "1"), new string('0', 64), new string('0', 64), Dimension, "float32", "none");

    public string Name => "parquet";

    public string Summary => $"A published file of {Rows:n0} embeddings of {Dimension} floats: written and read, and its size.";

    public async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var rows = Vectors();
        var folder = Directory.CreateTempSubdirectory("lzn-bench-");
        try
        {
            var (ours, theirs) = (Path.Combine(folder.FullName, "ours.parquet"), Path.Combine(folder.FullName, "theirs.parquet"));
            await WriteAsync(rows, ours, stop);     // warms up code and page cache
            var write = await RateAsync(() => WriteAsync(rows, ours, stop));
            var read = await RateAsync(() => ReadAsync(ours, stop));
            var (peerWrite, peerRead) = await DuckDbAsync(ours, theirs, stop);
            yield return new Measure("write", write, "MB/s", Peer, peerWrite);
            yield return new Measure("read", read, "MB/s", Peer, peerRead);
            yield return new Measure("size", new FileInfo(ours).Length / 1e6, "MB", Peer, new FileInfo(theirs).Length / 1e6);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Gaussian numbers, as trained anchors nearly are.</summary>
    private static EmbeddingRow[] Vectors()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Rows).Select(row => new EmbeddingRow(
            $"class-{row % 10}/image-{row:d7}.png", "train", row % 10, $"class-{row % 10}", $"class-{row % 9}", Vector()))];

        float[] Vector() =>
            [.. Enumerable.Range(0, Dimension)
                .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }

    private static async Task<double> RateAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Megabytes / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task WriteAsync(EmbeddingRow[] rows, string path, CancellationToken stop)
    {
        await using var file = File.Create(path);
        await EmbeddingFile.WriteAsync(file, rows, Identity, dataset: null, stop);
    }

    private static async Task ReadAsync(string path, CancellationToken stop)
    {
        await using var reader = await ParquetReader.CreateAsync(path, cancellationToken: stop);
        foreach (var group in reader.RowGroups)
        {
            foreach (var field in reader.Schema.GetDataFields())
            {
                using RawColumnData data = await group.ReadRawColumnDataBaseAsync(field, stop);
            }
        }
    }

    /// <summary>Rates of the peer; the read asks for the first and last number of every list, so that all lists are decoded.</summary>
    private static async Task<(double Write, double Read)> DuckDbAsync(string file, string copy, CancellationToken stop)
    {
        var read = $"select max(id), max(label), max(embedding[1]), max(embedding[{Dimension}]) from '{file}'";
        var write = $"copy t to '{copy}' (format parquet, codec 'zstd')";
        var readers = Path.Combine(Repository.Root, "tests", "LznPipeline.GpuJob.Tests", "Embedding", "readers");
        using var node = Process.Start(new ProcessStartInfo("node", ["duckdb-time.js"])
        {
            WorkingDirectory = readers,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("node does not start.");
        await node.StandardInput.WriteLineAsync(string.Join('\n', $"create table t as select * from '{file}'", write, write, read, read).AsMemory(), stop);
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync(stop);
        await node.WaitForExitAsync(stop);
        if (node.ExitCode != 0)
            throw new InvalidOperationException($"The peer failed. Its packages are installed by: npm ci --prefix {readers}");
        var seconds = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => double.Parse(line, CultureInfo.InvariantCulture) / 1000).ToArray();
        return (Megabytes / seconds[2], Megabytes / seconds[4]);
    }
}
