using System.Buffers.Binary;
using System.Text;
using LznPipeline.GpuJob.Checkpoints;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    [Fact]
    public void Write_ThenRead_GivesTensorsAndMetadataBack()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["floats"] = tensor([1.5f, -2f, float.Epsilon, float.NaN, 5f, 6f], [2, 3]),
            ["numbers"] = tensor([long.MinValue, 7]),
            ["nothing"] = zeros(0, 4),
            ["one"] = tensor(0.1),
        };

        var file = Safetensors.Read(Safetensors.Write(tensors, new Dictionary<string, string> { ["name"] = "Größe \"8\"" }), "file");

        Assert.Equal("Größe \"8\"", file.Metadata["name"]);
        Assert.Equal(tensors.Keys, file.Names);
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

        var file = Safetensors.Read(Safetensors.Write(new Dictionary<string, Tensor> { ["view"] = view }, new Dictionary<string, string>()), "file");

        Assert.Equal([1f, 3f, 2f, 4f], file.Tensor("view").data<float>().ToArray());
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
        var file = new byte[8 + json.Length + 8];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);

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
        var file = Safetensors.Write(new Dictionary<string, Tensor> { ["a"] = ones(4) }, new Dictionary<string, string>());

        Assert.Throws<InvalidDataException>(() => Safetensors.Read(file.AsMemory(0, length < 0 ? file.Length + length : length), "file"));
    }
}
