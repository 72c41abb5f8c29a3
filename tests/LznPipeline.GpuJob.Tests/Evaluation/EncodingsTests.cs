using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Evaluation;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Tests.Support;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Evaluation;

public sealed class EncodingsTests
{
    private const int Size = 16;

    private readonly List<string> _events = [];

    [Fact]
    public void Of_SeveralBatches_DecodesTheNextWhileTheEncoderComputes()
    {
        using var scope = NewDisposeScope();
        var encoder = Encoder();

        var encodings = Encodings.Of(encoder, count: 5, batchSize: 2, Begin, keepsFeatures: false, done => _events.Add($"encoded {done}"));

        Assert.Equal(["decode 0", "decode 2", "encoded 2", "decode 4", "encoded 4", "encoded 5"], _events);
        var alone = Enumerable.Range(0, 5).Select(image => Encodings.Of(encoder, 1, 1, (_, _) => Painted(image, 1), keepsFeatures: false, _ => { }).Anchors);
        Assert.True(encodings.Anchors.allclose(cat([.. alone]), rtol: 1e-4, atol: 1e-4));       // how many go through together changes rounding
    }

    [Fact]
    public void Of_AnImageOfTheNextBatchFails_ThrowsThatOnce()
    {
        using var scope = NewDisposeScope();

        var thrown = Assert.Throws<BadImageException>(() => Encodings.Of(
            Encoder(), 4, batchSize: 2, (start, count) => Painted(start, count, broken: 3), keepsFeatures: false, done => _events.Add($"encoded {done}")));

        Assert.Equal("image 3", thrown.Message);
        Assert.Equal(["encoded 2"], _events);
    }

    private static ImageEncoder Encoder()
    {
        using var weights = new Generator(3);
        var model = new LznModel(Workplace.TinyRecipe(("image.size", $"{Size}")), classes: 2, weights);
        model.eval();
        return model.Encoder;
    }

    private PaintedImages Begin(long start, long count)
    {
        _events.Add($"decode {start}");
        return Painted(start, count);
    }

    /// <summary>Images of one grey each, by their number.</summary>
    private static PaintedImages Painted(long start, long count, int broken = -1) => PaintedImages.Begin(
        (int)count, Size, threads: 2, () => 0, (position, _, buffer) =>
        {
            if (start + position == broken)
                throw new BadImageException($"image {broken}");
            buffer.Image(view: 0, position).Fill((byte)(40 * (start + position)));
        },
        images => images);
}
