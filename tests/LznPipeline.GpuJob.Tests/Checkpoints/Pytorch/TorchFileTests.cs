using System.IO.Compression;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Checkpoints.Pytorch;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.Testing;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Checkpoints.Pytorch;

public sealed class TorchFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"lzn-{Guid.NewGuid():N}.pt");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Write_ThenRead_GivesTheValuesBack()
    {
        using var scope = NewDisposeScope();
        var matrix = arange(6, dtype: ScalarType.Float32).view(2, 3);
        var root = new OrderedDictionary<object, object?>
        {
            ["text"] = "Größe",
            ["numbers"] = new List<object?> { 0L, -1L, 255L, 65536L, long.MinValue, 1L << 40, 0.1, double.NegativeInfinity, true, false, null },
            ["betas"] = new object?[] { 0.9, 0.999 },
            [7L] = new OrderedDictionary<object, object?>(),
            ["transposed"] = TensorSource.Of(matrix.t()),
            ["one"] = TensorSource.Of(tensor(2.5)),
            ["nothing"] = TensorSource.Of(zeros(0, 4)),
        };
        var file = new MemoryStream();

        TorchFileWriter.Write(file, root);
        using var read = TorchFile.Read(file, "file");

        Assert.Equal(root.Keys, read.Root.Entries().Select(entry => entry.Key));
        Assert.Equal("Größe", read.Root.Get("text").Value);
        Assert.Equal((List<object?>)root["numbers"]!, read.Root.Get("numbers").Items().Select(item => item.Value));
        Assert.Equal(new object?[] { 0.9, 0.999 }, read.Root.Get("betas").Value);
        Assert.Empty(read.Root.Get(7L).Entries());
        Assert.True(read.Tensor(read.Root.Get("transposed").Tensor()).Equals(matrix.t()));
        Assert.Equal((2.5, 0), (Tensor(read, "one").item<double>(), Tensor(read, "one").dim()));
        Assert.Equal([0, 4], Tensor(read, "nothing").shape);
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes()
    {
        using var scope = NewDisposeScope();
        var root = new OrderedDictionary<object, object?> { ["weight"] = TensorSource.Of(ones(3)) };
        var (first, second) = (new MemoryStream(), new MemoryStream());

        TorchFileWriter.Write(first, root);
        TorchFileWriter.Write(second, root);

        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [PythonTorchFact]
    public async Task Write_TorchLoadsItWithWeightsOnly()
    {
        using (NewDisposeScope())
        using (var file = File.Create(_path))
        {
            TorchFileWriter.Write(file, new OrderedDictionary<object, object?>
            {
                ["matrix"] = TensorSource.Of(arange(6, dtype: ScalarType.Float32).view(2, 3).t()),
                ["half"] = TensorSource.Of(tensor([1.5f]).to_type(ScalarType.BFloat16)),
                ["rest"] = new List<object?> { 1L << 40, -3L, true, null, "ä", new object?[] { 1L } },
            });
        }

        var seen = await PythonTorch.RunAsync(
            "import torch, sys; c = torch.load(sys.argv[1], weights_only=True); print(c['matrix'].tolist(), c['half'].dtype, c['half'].item(), c['rest'])",
            _path);

        Assert.Equal("[[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] torch.bfloat16 1.5 [1099511627776, -3, True, None, 'ä', (1,)]", seen.Trim());
    }

    [PythonTorchFact]
    public async Task Write_Fractions_TorchLoadsThem()
    {
        await using (var file = File.Create(_path))
            TorchFileWriter.Write(file, new List<object?> { 0.1, -1e300, double.PositiveInfinity });

        // Without weights_only: its reader knows no fractions before PyTorch 2.1.
        var seen = await PythonTorch.RunAsync("import torch, sys; print(torch.load(sys.argv[1], weights_only=False))", _path);

        Assert.Equal("[0.1, -1e+300, inf]", seen.Trim());
    }

    [PythonTorchFact]
    public async Task Read_WhatTorchSaved_GivesItsTensors()
    {
        await PythonTorch.RunAsync("""
            import torch, sys
            base = torch.arange(24.).view(2, 3, 4)
            module = torch.nn.Linear(2, 1)
            torch.save({'permuted': base.permute(2, 0, 1), 'slice': base[1, :, 1:3], 'column': base[0, :, 2], 'parameter': torch.nn.Parameter(base[0]),
                        'state': module.state_dict(), 'long': torch.tensor([2 ** 40]), 'flag': torch.tensor([True, False]), 'half': torch.tensor([1.5]).half()}, sys.argv[1])
            """, _path);
        using var scope = NewDisposeScope();
        var whole = arange(24, dtype: ScalarType.Float32).view(2, 3, 4);

        using var read = TorchFile.Open(_path);

        Assert.True(Tensor(read, "permuted").Equals(whole.permute(2, 0, 1)));
        Assert.True(Tensor(read, "slice").Equals(whole[1].narrow(1, 1, 2)));
        Assert.True(Tensor(read, "column").Equals(whole[0].select(1, 2)));
        Assert.True(Tensor(read, "parameter").Equals(whole[0]));
        Assert.Equal(["weight", "bias"], read.Root.Get("state").Entries().Select(entry => entry.Key));
        Assert.Equal(1L << 40, Tensor(read, "long").item<long>());
        Assert.Equal([true, false], Tensor(read, "flag").data<bool>().ToArray());
        Assert.Equal(1.5f, Tensor(read, "half").to_type(ScalarType.Float32).item<float>());
    }

    [PythonTorchFact]
    public async Task Read_NewerProtocol_IsRead()
    {
        await PythonTorch.RunAsync("import torch, sys; torch.save({'weight': torch.ones(2), 'twice': ['a', 'a']}, sys.argv[1], pickle_protocol=4)", _path);

        using var read = TorchFile.Open(_path);

        Assert.Equal(["a", "a"], read.Root.Get("twice").Items().Select(item => item.Value));
        Assert.Equal([2], read.Root.Get("weight").Tensor().Shape);
    }

    [Theory]
    [InlineData("called", """\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.""")]
    [InlineData("only named", """\x80\x02cos\nsystem\n.""")]
    [InlineData("named by the stack", """\x80\x04X\x02\x00\x00\x00osX\x06\x00\x00\x00system\x93)R.""")]
    [InlineData("named by the stack in short", """\x80\x04\x8c\x02os\x8c\x06system\x93)R.""")]
    [InlineData("made by INST", """\x80\x02(X\x02\x00\x00\x00idios\nsystem\n.""")]
    [InlineData("made by OBJ", """\x80\x02(cos\nsystem\nX\x02\x00\x00\x00ido.""")]
    [InlineData("made by NEWOBJ", """\x80\x02cos\nsystem\n)\x81.""")]
    [InlineData("built", """\x80\x02cos\nsystem\n}b.""")]
    [InlineData("inside of a dictionary", """\x80\x02}X\x01\x00\x00\x00acos\nsystem\ns.""")]
    public void Read_ForbiddenName_IsRefusedByName(string how, string pickle)
    {
        var refused = Assert.Throws<InvalidDataException>(() => Read(TorchArchive.Pickle(pickle)));

        Assert.True(refused.Message.Contains("'os.system'", StringComparison.Ordinal), $"{how}: {refused.Message}");
    }

    [Theory]
    [InlineData("""\x80\x02ccollections\nOrderedDict\n)\x81.""", "NewObj")]
    [InlineData("""\x80\x02(ccollections\nOrderedDict\no.""", "Obj")]
    [InlineData("""\x80\x02ccollections\nOrderedDict\n)}\x92.""", "NewObjEx")]
    [InlineData("""\x80\x02(iccollections\nOrderedDict\n.""", "ccollections.OrderedDict")]
    [InlineData("""\x80\x02ctorch._utils\n_rebuild_tensor_v2\n}b.""", "'torch._utils._rebuild_tensor_v2'")]
    [InlineData("""\x80\x02ctorch\nFloatStorage\n)R.""", "'torch.FloatStorage'")]
    [InlineData("""\x80\x02ccollections\nOrderedDict\n(]tR.""", "'collections.OrderedDict'")]
    [InlineData("""\x80\x02]}b.""", "a list")]
    [InlineData("""\x80\x02X\x01\x00\x00\x00a)R.""", "a String")]
    [InlineData("""\x80\x02U\x01a.""", "0x55")]
    [InlineData("""\x80\x02X\x03\x00\x00\x00exeQ.""", "no storage")]
    [InlineData("""\x80\x02\x82\x01.""", "0x82")]
    public void Read_OtherWaysToMakeObjects_AreRefused(string pickle, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => Read(TorchArchive.Pickle(pickle))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""\x80\x02.""")]
    [InlineData("""\x80\x02(].""")]
    [InlineData("""\x80\x02t.""")]
    [InlineData("""\x80\x02](a.""")]
    [InlineData("""\x80\x02}]]s.""")]
    [InlineData("""\x80\x02}N]s.""")]
    [InlineData("""\x80\x02}(K\x01u.""")]
    [InlineData("""\x80\x02K""")]
    [InlineData("""\x80\x02NN.""")]
    [InlineData("""\x80\x02h\x07.""")]
    [InlineData("""\x80\x07N.""")]
    [InlineData("""\x80\x02X\xff\xff\xff\xffa.""")]
    [InlineData("""\x80\x02\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01.""")]
    [InlineData("""\x80\x02cos""")]
    [InlineData("")]
    public void Read_DamagedPickle_IsRefused(string pickle) => Assert.Throws<InvalidDataException>(() => Read(TorchArchive.Pickle(pickle)));

    [Fact]
    public void Read_PickleOfTooManyInstructions_IsRefused()
    {
        var pickle = new byte[3_000_000];
        Array.Fill(pickle, (byte)'N');

        Assert.Contains("more than", Assert.Throws<InvalidDataException>(() => Read(pickle)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ExpandedTensor_HasEachElementManyTimes()
    {
        var tensor = Assert.IsType<TorchTensor>(Read(TorchArchive.TensorPickle(2, [3, 4], [1, 0])).Root.Value);

        Assert.Equal((12L, 3L, false), (tensor.Count, tensor.Span, tensor.IsContiguous));
    }

    [Theory]
    [InlineData(0, new long[] { 3, 3 }, new long[] { 3, 1 })]
    [InlineData(1, new long[] { 8 }, new long[] { 1 })]
    [InlineData(0, new long[] { 5 }, new long[] { 2 })]
    [InlineData(-1, new long[] { 2 }, new long[] { 1 })]
    [InlineData(7, new long[] { 2 }, new long[] { -1 })]
    [InlineData(0, new long[] { -2 }, new long[] { 1 })]
    [InlineData(0, new long[] { 1L << 62, 4 }, new long[] { 0, 0 })]
    [InlineData(0, new long[] { 1L << 29 }, new long[] { 0 })]      // more than is believed of an expanded tensor
    [InlineData(0, new long[] { 2 }, new long[] { long.MaxValue })]
    [InlineData(long.MaxValue, new long[] { 2 }, new long[] { 1 })]
    [InlineData(0, new long[] { 0, 1L << 62, 1L << 62 }, new long[] { 1, 1, 1 })]
    [InlineData(0, new long[] { 2, 2 }, new long[] { 1 })]
    public void Read_TensorOutsideOfItsStorage_IsRefused(long offset, long[] shape, long[] strides)
    {
        var refused = Assert.Throws<InvalidDataException>(() => Read(TorchArchive.TensorPickle(offset, shape, strides)));

        Assert.Contains($"[{string.Join(", ", shape)}]", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TensorWithinItsStorage_IsRead()
    {
        using var scope = NewDisposeScope();
        using var read = Read(TorchArchive.TensorPickle(1, [2, 3], [1, 2]));

        Assert.Equal([1f, 3f, 5f, 2f, 4f, 6f], read.Tensor(read.Root.Tensor()).data<float>().ToArray());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(7)]
    [InlineData(-8)]
    [InlineData(long.MaxValue)]
    public void Read_StorageOfAnotherLength_IsRefused(long count) =>
        Assert.Throws<InvalidDataException>(() => Read(TorchArchive.Pickle("""\x80\x02""", TorchArchive.StoragePickle(count), ".")));

    [Fact]
    public void Read_CutAnywhere_IsRefused()
    {
        var whole = TorchArchive.Of(TorchArchive.TensorPickle(0, [8], [1])).ToArray();

        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => TorchFile.Read(new MemoryStream(whole, 0, length), "file"));
    }

    [Fact]
    public void Read_PickleCutAnywhere_IsRefused()
    {
        var whole = TorchArchive.TensorPickle(0, [8], [1]);

        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => Read(whole[..length]));
    }

    [Fact]
    public void Read_DamagedAnywhere_IsReadOrRefused()
    {
        var whole = TorchArchive.Of(TorchArchive.TensorPickle(0, [8], [1])).ToArray();
        var (random, refused) = (new Random(1), 0);
        for (var trial = 0; trial < 5000; trial++)
        {
            using var scope = NewDisposeScope();
            var damaged = whole.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                using var read = TorchFile.Read(new MemoryStream(damaged), "file");
                if (read.Root.Value is TorchTensor tensor)
                    read.Tensor(tensor);
            }
            catch (InvalidDataException)
            {
                refused++;      // in words, which is the promise; any other exception ends the test
            }
        }

        Assert.InRange(refused, 1, 4999);       // some change nothing: one in 256 is the byte that was there
    }

    [Fact]
    public void Read_CompressedArchive_IsRefused()
    {
        var file = TorchArchive.Of(CompressionLevel.Optimal, ("archive/data.pkl", "\u0080\u0002N."u8.ToArray()), ("archive/data/0", new byte[1 << 20]));

        Assert.Contains("compressed", Assert.Throws<InvalidDataException>(() => TorchFile.Read(file, "bomb.pt")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OtherKindsOfFile_SayWhatTheyAre()
    {
        var safetensors = new MemoryStream();
        Safetensors.Write(safetensors, [], new Dictionary<string, string>());
        var legacy = TorchArchive.Pickle("""\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.""");
        var script = TorchArchive.Of(CompressionLevel.NoCompression, ("net/data.pkl", [0x80, 2, (byte)'N', (byte)'.']), ("net/constants.pkl", []));
        var bigEndian = TorchArchive.Of(
            CompressionLevel.NoCompression, ("net/data.pkl", [0x80, 2, (byte)'N', (byte)'.']), ("net/byteorder", "big"u8.ToArray()));

        Assert.Contains("safetensors file", Refusal(safetensors), StringComparison.Ordinal);
        Assert.Contains("before 1.6", Refusal(new MemoryStream(legacy)), StringComparison.Ordinal);
        Assert.Contains("TorchScript", Refusal(script), StringComparison.Ordinal);
        Assert.Contains("'big'", Refusal(bigEndian), StringComparison.Ordinal);
        Assert.Contains("no zip", Refusal(new MemoryStream("picture"u8.ToArray())), StringComparison.Ordinal);
        Assert.Contains("0 entries", Refusal(TorchArchive.Of(CompressionLevel.NoCompression, ("readme.txt", []))), StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Safetensors.Read(TorchArchive.Of(TorchArchive.TensorPickle(0, [8], [1])), "model.pt"));
    }

    private static string Refusal(Stream file) => Assert.Throws<InvalidDataException>(() => TorchFile.Read(file, "file.pt")).Message;

    private static TorchFile Read(byte[] pickle) => TorchFile.Read(TorchArchive.Of(pickle), "file.pt");

    private static Tensor Tensor(TorchFile file, string key) => file.Tensor(file.Root.Get(key).Tensor());
}
