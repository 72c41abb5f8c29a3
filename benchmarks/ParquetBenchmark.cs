using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace LznPipeline.Benchmarks;

/// <summary>
/// Writing and reading the file that the pipeline publishes, in megabytes of floats a second on one thread. The peer is DuckDB on one thread, which reads the same file
/// and writes the same table from its own memory. Files lie in the temporary folder, mostly in the page cache.
/// </summary>
internal sealed class ParquetBenchmark : IBenchmark
{
    private const int Rows = 200_000;
    private const int Dimension = 256;
    private const int GroupRows = 50_000;
    private const double Megabytes = (double)Rows * Dimension * sizeof(float) / 1e6;
    private const string Peer = "DuckDB";

    private readonly DataField<string> _id = new("id");
    private readonly DataField<int> _label = new("label");
    private readonly DataField<float> _element = new(ListField.ElementName);

    public string Name => "parquet";

    public string Summary => $"{Rows:n0} embeddings of {Dimension} floats with id and label: written and read, by codec.";

    public async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var schema = new ParquetSchema(_id, _label, new ListField("embedding", _element));
        var vectors = Vectors();
        var folder = Directory.CreateTempSubdirectory("lzn-bench-");
        try
        {
            foreach (var method in new[] { CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Zstd })
            {
                var ours = Path.Combine(folder.FullName, $"{method}.parquet");
                await WriteAsync(schema, vectors, method, ours, stop);   // warms up code and page cache
                var write = await RateAsync(() => WriteAsync(schema, vectors, method, ours, stop));
                var read = await RateAsync(() => ReadAsync(ours, stop));
                var (peerWrite, peerRead) = await DuckDbAsync(ours, method, stop);
                yield return new Measure($"write {method}", write, "MB/s", Peer, peerWrite);
                yield return new Measure($"read {method}", read, "MB/s", Peer, peerRead);
                File.Delete(ours);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static float[] Vectors()
    {
        var random = new Random(1);
        var vectors = new float[Rows * Dimension];
        foreach (ref var value in vectors.AsSpan()) value = random.NextSingle() - 0.5f;
        return vectors;
    }

    private static async Task<double> RateAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return Megabytes / clock.Elapsed.TotalSeconds;
    }

    private async Task WriteAsync(ParquetSchema schema, float[] vectors, CompressionMethod method, string path, CancellationToken stop)
    {
        var definition = new int[GroupRows * Dimension];
        definition.AsSpan().Fill(_element.MaxDefinitionLevel);
        var repetition = new int[GroupRows * Dimension];
        repetition.AsSpan().Fill(1);
        for (var row = 0; row < GroupRows; row++) repetition[row * Dimension] = 0;

        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        await using var writer = await ParquetWriter.CreateAsync(schema, file, new ParquetOptions { CompressionMethod = method }, cancellationToken: stop);
        for (var start = 0; start < Rows; start += GroupRows)
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(_id, Enumerable.Range(start, GroupRows).Select(row => $"image-{row:d7}").ToArray());
            await group.WriteAsync<int>(_label, Enumerable.Range(start, GroupRows).Select(row => row % 10).ToArray(), cancellationToken: stop);
            await group.WriteAllPartsAsync<float>(_element, vectors.AsMemory(start * Dimension, GroupRows * Dimension), definition, repetition, stop);
            group.CompleteValidate();
        }
    }

    private async Task ReadAsync(string path, CancellationToken stop)
    {
        await using var reader = await ParquetReader.CreateAsync(path, cancellationToken: stop);
        foreach (var group in reader.RowGroups)
        {
            var ids = new string?[group.RowCount];
            await group.ReadAsync(_id, ids, cancellationToken: stop);
            var labels = new int[group.RowCount];
            await group.ReadAsync<int>(_label, labels, cancellationToken: stop);
            using RawColumnData data = await group.ReadRawColumnDataBaseAsync(_element, stop);
        }
    }

    /// <summary>Rates of the peer; the read asks for the first and last number of every list, so that all lists are decoded.</summary>
    private static async Task<(double Write, double Read)> DuckDbAsync(string file, CompressionMethod method, CancellationToken stop)
    {
        var codec = method == CompressionMethod.None ? "uncompressed" : method.ToString();
        var read = $"select max(id), max(label), max(embedding[1]), max(embedding[{Dimension}]) from '{file}'";
        var write = $"copy t to '{file}.peer' (format parquet, codec '{codec}', row_group_size {GroupRows})";
        var readers = Path.Combine(RepositoryRoot(), "tests", "LznPipeline.GpuJob.Tests", "Embedding", "readers");
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
        if (node.ExitCode != 0) throw new InvalidOperationException($"The peer failed. Its packages are installed by: npm ci --prefix {readers}");
        File.Delete($"{file}.peer");
        var seconds = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture) / 1000).ToArray();
        return (Megabytes / seconds[2], Megabytes / seconds[4]);
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "LznPipeline.sln"))) return folder.FullName;
        throw new InvalidOperationException($"The repository is not above {AppContext.BaseDirectory}; benchmarks run from their place in it.");
    }
}
