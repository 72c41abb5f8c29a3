using System.IO.Compression;
using System.Text;
using LznPipeline.GpuJob.Pickle;

namespace LznPipeline.GpuJob.Checkpoints.Pytorch;

/// <summary>Writes what <c>torch.load</c> reads; see <see cref="TorchFile"/> for the form. The same content gives the same bytes.</summary>
internal static class TorchFileWriter
{
    private const string Folder = "archive/";

    /// <summary>Of the form, as PyTorch writes it since 1.6.</summary>
    private const string Version = "3\n";

    /// <summary>The earliest time that a zip can say: content alone shall decide the bytes.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="to">Seekable.</param> <param name="root">See <see cref="PickleWriter"/>.</param>
    internal static void Write(Stream to, object root)
    {
        using var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        using var pickle = new MemoryStream();
        var writer = new PickleWriter(pickle);
        writer.Write(root);
        Add(zip, "data.pkl", entry => entry.Write(pickle.GetBuffer(), 0, (int)pickle.Length));
        Add(zip, "byteorder", entry => entry.Write(Encoding.ASCII.GetBytes("little")));
        foreach (var (key, tensor) in writer.Tensors.Index())
            Add(zip, $"data/{key}", tensor.WriteTo);
        Add(zip, "version", entry => entry.Write(Encoding.ASCII.GetBytes(Version)));
    }

    private static void Add(ZipArchive zip, string name, Action<Stream> write)
    {
        var entry = zip.CreateEntry(Folder + name, CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        using var content = entry.Open();
        write(content);
    }
}
