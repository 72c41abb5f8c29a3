using LznPipeline.GpuJob.Randomness;

namespace LznPipeline.Golden.Tests;

[Trait("Category", "Golden")]
public sealed class SampleOrderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void At_EachEpoch_IsThePublishedOrderInWholeBatches(int epoch)
    {
        var golden = Golden.Open("sample_order");
        var (count, batch) = (golden.Number("num_samples"), golden.Number("batch_size"));
        var expected = golden.InMemory($"epoch{epoch}").data<long>().ToArray();
        using var order = new SampleOrder(count, batch, golden.Number("seed"));

        var batches = count / batch;
        for (var index = 0; index < batches; index++)
            Assert.Equal(expected[(index * batch)..((index + 1) * batch)], order.At(epoch * batches + index).data<long>().ToArray());
    }
}
