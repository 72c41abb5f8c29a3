using System.IO.Compression;
using System.Text;

namespace LznPipeline.GpuJob.Tests.Checkpoints.Pytorch;

/// <summary>Archives in the form of <c>torch.save</c> around any pickle, also one that PyTorch would never write.</summary>
internal static class TorchArchive
{
    /// <summary>The pickle of a tensor whose storage <c>0</c> has 8 floats.</summary>
    internal static byte[] TensorPickle(long offset, long[] shape, long[] strides) => Pickle(
        """\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(""", StoragePickle(8),
        Number(offset), Numbers(shape), Numbers(strides), """\x89ccollections\nOrderedDict\n)RtR.""");

    internal static string StoragePickle(long count) =>
        """(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu""" + Number(count) + "tQ";

    /// <summary>Text to bytes, in which <c>\xNN</c> and <c>\n</c> stand for what they do in Python.</summary>
    internal static byte[] Pickle(params string[] parts)
    {
        var (text, bytes) = (string.Concat(parts), new List<byte>());
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\')
                bytes.Add((byte)text[index]);
            else if (text[++index] == 'n')
                bytes.Add((byte)'\n');
            else
                bytes.Add(Convert.ToByte(text.Substring((index += 2) - 1, 2), 16));
        }

        return [.. bytes];
    }

    /// <summary>An archive with this pickle and one storage of 8 floats, 0 to 7.</summary>
    internal static MemoryStream Of(byte[] pickle, CompressionLevel compression = CompressionLevel.NoCompression) => Of(compression,
        ("archive/data.pkl", pickle),
        ("archive/data/0", [.. Enumerable.Range(0, 8).SelectMany(number => BitConverter.GetBytes((float)number))]),
        ("archive/version", "3\n"u8.ToArray()));

    internal static MemoryStream Of(CompressionLevel compression, params (string Name, byte[] Content)[] entries)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, compression).Open();
                entry.Write(content);
            }
        }

        return file;
    }

    /// <summary>A whole number of up to 64 bits.</summary>
    private static string Number(long number) => """\x8a\x08""" + string.Concat(BitConverter.GetBytes(number).Select(each => $"\\x{each:x2}"));

    private static string Numbers(long[] numbers) => new StringBuilder("(").AppendJoin("", numbers.Select(Number)).Append('t').ToString();
}
