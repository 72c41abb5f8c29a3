using System.Buffers.Binary;
using System.Text;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Tensors;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    [Fact]
    public void Write_ThenRead_GivesTensorsAndMetadataBack()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["floats"] = tensor([1.5f, -2f, float.Epsilon, float.NaN, 5f, 6f], [2, 3]),
            ["halves"] = tensor([1f, -2.5f]).to_type(ScalarType.BFloat16),
            ["numbers"] = tensor([long.MinValue, 7]),
            ["flags"] = tensor([true, false, true]),
            ["nothing"] = zeros(0, 4),
            ["one"] = tensor(0.1),
        };

        using var file = Safetensors.Read(Written(tensors, new Dictionary<string, string> { ["name"] = "Größe \"8\"" }), "file");

        Assert.Equal("Größe \"8\"", file.Metadata["name"]);
        Assert.Equal(tensors.Keys, file.Tensors.Keys);
        foreach (var (name, value) in tensors)
        {
            var read = file.Tensor(name);
            Assert.Equal((value.dtype, string.Join(',', value.shape)), (read.dtype, string.Join(',', read.shape)));
            Assert.Equal(value.bytes.ToArray(), read.bytes.ToArray());
        }
    }

    [Fact]
    public void Write_TransposedTensor_WritesItsOwnOrder()
    {
        using var scope = NewDisposeScope();
        var view = tensor([1f, 2f, 3f, 4f], [2, 2]).t();

        using var file = Safetensors.Read(Written(new Dictionary<string, Tensor> { ["view"] = view }, NoMetadata), "file");

        Assert.Equal([1f, 3f, 2f, 4f], file.Tensor("view").data<float>().ToArray());
    }

    [Fact]
    public void Write_TensorOfManyParts_IsReadBackWhole()
    {
        using var scope = NewDisposeScope();
        var large = arange(5_000_000, dtype: ScalarType.Int64).view(1000, 5000);        // 40 MB, moved 16 MB at a time

        using var file = Safetensors.Read(Written(new Dictionary<string, Tensor> { ["a"] = tensor(1), ["large"] = large }, NoMetadata), "file");

        Assert.True(file.Tensor("large").Equals(large));
    }

    [Fact]
    public void Read_TensorBeyondFourGigabytes_IsFound()
    {
        var path = Path.Combine(Path.GetTempPath(), $"lzn-sparse-{Guid.NewGuid():N}");
        const long Begin = 5_000_000_000;
        var header = Encoding.UTF8.GetBytes($$$"""{"hole":{"dtype":"U8","shape":[{{{Begin}}}],"data_offsets":[0,{{{Begin}}}]},"end":{"dtype":"F32","shape":[1],"data_offsets":[{{{Begin}}},{{{Begin + 4}}}]}}""");
        using (var sparse = File.Create(path))
        {
            sparse.Write(Length(header.Length));
            sparse.Write(header);
            sparse.Seek(Begin, SeekOrigin.Current);         // a hole needs no disk
            sparse.Write(BitConverter.GetBytes(2.5f));
        }

        try
        {
            using var file = Safetensors.Open(path);
            using var end = file.Tensor("end");
            Assert.Equal(2.5f, end.item<float>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("'b'", """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]      // overlap
    [InlineData("'b'", """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]      // a hole
    [InlineData("4 bytes behind its last tensor", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""")]
    [InlineData("Duplicate propert", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""")]
    public void Read_BytesOfTwoTensorsOrOfNone_AreRefusedByName(string expected, string header)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new MemoryStream([.. Length(json.Length), .. json, .. new byte[8]]);

        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Safetensors.Read(file, "file")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""")]
    [InlineData("""{"a":{"dtype":"F7","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""")]
    [InlineData("""{"a":null}""")]
    [InlineData("""[1,2]""")]
    [InlineData("""{"a":""")]
    public void Read_MalformedHeader_IsRefused(string header)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new MemoryStream([.. Length(json.Length), .. json, .. new byte[8]]);

        Assert.Throws<InvalidDataException>(() => Safetensors.Read(file, "file"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(-1)]
    public void Read_CutFile_IsRefused(int length)
    {
        using var scope = NewDisposeScope();
        var file = Written(new Dictionary<string, Tensor> { ["a"] = ones(4) }, NoMetadata);
        file.SetLength(length < 0 ? file.Length + length : length);

        Assert.Throws<InvalidDataException>(() => Safetensors.Read(file, "file"));
    }

    private static MemoryStream Written(Dictionary<string, Tensor> tensors, Dictionary<string, string> metadata)
    {
        var file = new MemoryStream();
        Safetensors.Write(file, [.. tensors.Select(each => KeyValuePair.Create(each.Key, TensorSource.Of(each.Value)))], metadata);
        return file;
    }

    private static byte[] Length(long header)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header);
        return bytes;
    }
}
