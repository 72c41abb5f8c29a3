using System.Text;
using LznPipeline.GpuJob.Training.TensorBoard;

namespace LznPipeline.GpuJob.Tests.Training.TensorBoard;

public sealed class MaskedCrc32CTests
{
    /// <remarks>The check value of the CRC catalogue, and RFC 3720, appendix B.4.</remarks>
    [Theory]
    [InlineData("", 0x00000000)]
    [InlineData("313233343536373839", 0xE3069283)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AA)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62A8AB43)]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x46DD794E)]
    public void Unmasked_KnownData_IsThePublishedValue(string data, uint expected) => Assert.Equal(expected, MaskedCrc32C.Unmasked(Convert.FromHexString(data)));

    [Fact]
    public void Of_AnyLength_IsThePlainAlgorithmTurnedAndShifted() =>
        Assert.All(Enumerable.Range(0, 40), length => Assert.Equal(EventFile.Masked(Encoding.ASCII.GetBytes(new string('x', length))), MaskedCrc32C.Of(Encoding.ASCII.GetBytes(new string('x', length)))));
}
