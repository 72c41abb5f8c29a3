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
        var header = Encoding.UTF8.GetBytes(
            $$$"""{"hole":{"dtype":"U8","shape":[{{{Begin}}}],"data_offsets":[0,{{{Begin}}}]},"end":"""
            + $$$"""{"dtype":"F32","shape":[1],"data_offsets":[{{{Begin}}},{{{Begin + 4}}}]}}""");
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

    /// <summary>Values by the formats' tables: least and greatest numbers, the least normal one, specials.</summary>
    [Fact]
    public void Read_TypesThatTorchSharpLacks_AreWidened()
    {
        using var file = Safetensors.Read(
            Of(
                """
                {"e4m3":{"dtype":"F8_E4M3","shape":[6],"data_offsets":[0,6]},"e5m2":{"dtype":"F8_E5M2","shape":[6],"data_offsets":[6,12]},
                "u16":{"dtype":"U16","shape":[1],"data_offsets":[12,14]},"u32":{"dtype":"U32","shape":[1],"data_offsets":[14,18]},
                "u64":{"dtype":"U64","shape":[1],"data_offsets":[18,26]}}
                """,
                Convert.FromHexString("010838B87E7F" + "01043CBC7BFC" + "FFFF" + "FFFFFFFF" + "0100000000000010")),
            "file");

        Assert.Equal([0.001953125f, 0.015625f, 1, -1, 448, float.NaN], Values<float>("e4m3"));
        Assert.Equal([1.52587890625e-05f, 6.103515625e-05f, 1, -1, 57344, float.NegativeInfinity], Values<float>("e5m2"));
        Assert.Equal([65535], Values<int>("u16"));
        Assert.Equal([4294967295], Values<long>("u32"));
        Assert.Equal([0x1000_0000_0000_0001], Values<long>("u64"));

        T[] Values<T>(string name)
            where T : unmanaged
        {
            using var tensor = file.Tensor(name);
            return tensor.data<T>().ToArray();
        }
    }

    [Fact]
    public void Read_UnsignedNumberThatFitsNoLong_IsRefusedByName()
    {
        using var file = Safetensors.Read(
            Of("""{"ids":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}""", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), "file");

        Assert.Contains("Tensor 'ids' of 'file'", Assert.Throws<InvalidDataException>(() => file.Tensor("ids")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'b'", """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]      // overlap
    [InlineData("'b'", """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]      // a hole
    [InlineData("4 bytes behind its last tensor", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""")]
    [InlineData("Duplicate propert", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""")]
    public void Read_BytesOfTwoTensorsOrOfNone_AreRefusedByName(string expected, string header)
    {
        var file = Of(header, new byte[8]);

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
        var file = Of(header, new byte[8]);

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

    private static MemoryStream Of(string header, byte[] content)
    {
        var json = Encoding.UTF8.GetBytes(header);
        return new MemoryStream([.. Length(json.Length), .. json, .. content]);
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
