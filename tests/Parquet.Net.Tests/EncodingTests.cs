using Parquet.Columns;
using Parquet.Compression;
using Parquet.Encodings;
using Parquet.Meta;
using Parquet.Schema;

namespace Parquet.Tests;

/// <summary>The parts that page content is made of, at their edges.</summary>
public sealed class EncodingTests
{
    public static TheoryData<int> Lengths => [0, 1, 3, 4, 15, 16, 60, 61, 100, 65_535, 65_536, 65_537, 300_000];

    [Theory, MemberData(nameof(Lengths))]
    public void Snappy_RandomRepeatingAndEqualBytes_ComeBack(int length)
    {
        var random = new Random(length);
        var noise = new byte[length];
        random.NextBytes(noise);
        byte[][] sources = [noise, new byte[length], [.. noise.Select(b => (byte)(b % 3))], [.. Enumerable.Range(0, length).Select(i => (byte)(i % 7))]];

        foreach (var source in sources)
        {
            var compressed = new byte[SnappyCompressor.LargestSize(length)];
            var size = new SnappyCompressor().Compress(source, compressed);
            var back = new byte[length];
            Assert.True(SnappyDecompressor.TryDecompress(compressed.AsSpan(0, size), back));
            Assert.Equal(source, back);
        }
    }

    [Fact]
    public void Snappy_RandomInput_NeverThrows()
    {
        var random = new Random(3);
        var output = new byte[200];
        for (var round = 0; round < 20_000; round++)
        {
            var bad = new byte[random.Next(1, 60)];
            random.NextBytes(bad);
            (bad[0], output.AsSpan()[0]) = (100, 0);

            SnappyDecompressor.TryDecompress(bad, output.AsSpan(0, 100));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(31)]
    public void RunLength_RunsAndNoise_ComeBack(int width)
    {
        var random = new Random(width);
        var values = Enumerable.Range(0, 200).SelectMany(_ => Enumerable.Repeat(random.Next((int)Math.Min(int.MaxValue, 1L << width)), random.Next(1, 20))).ToArray();
        using var encoded = new PooledBuffer();
        RunLength.Encode(values, width, encoded);

        var back = new int[values.Length];
        RunLength.Decode(encoded.WrittenSpan, width, back);

        Assert.Equal(values, back);
    }

    [Fact]
    public void RunLength_LevelsOfOneEmbedding_TakeSixBytes()
    {
        int[] levels = [0, .. Enumerable.Repeat(1, 255)];
        using var encoded = new PooledBuffer();

        RunLength.Encode(levels, 1, encoded);

        Assert.Equal("03FEF00301", Convert.ToHexString(encoded.WrittenSpan));   // one packed group 0 1 1 1 1 1 1 1, then 248 ones
    }

    [Fact]
    public void DeltaBinaryPacked_SpecificationExample_IsWrittenAndRead()
    {
        int[] values = [1, 2, 3, 4, 5];   // in the format's own description: differences of one, minimum 1, widths 0
        using var encoded = new PooledBuffer();
        DeltaBinaryPacked.Encode<int>(values, encoded);

        Assert.Equal("800104050202" + "00000000", Convert.ToHexString(encoded.WrittenSpan));
    }

    [Fact]
    public void DeltaBinaryPacked_Extremes_WrapAndComeBack()
    {
        long[] values = [long.MinValue, long.MaxValue, 0, -1, long.MaxValue, .. Enumerable.Range(0, 300).Select(i => (long)i * i * i)];
        using var encoded = new PooledBuffer();
        DeltaBinaryPacked.Encode<long>(values, encoded);

        var back = new long[values.Length];
        var reader = new ByteReader(encoded.WrittenSpan);
        DeltaBinaryPacked.Decode<long>(ref reader, back);

        Assert.Equal(values, back);
        Assert.Equal(0, reader.Rest.Length);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00")]
    [InlineData("1969-12-31T23:59:59.9999999")]
    [InlineData("9999-12-31T23:59:59.9999999")]
    public void Int96_AnyTick_ComesBack(string text)
    {
        var time = DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(time, Timestamps.FromInt96(Timestamps.ToInt96(time)));
    }

    [Fact]
    public void Timestamp_BeforeTheEpoch_IsCutTowardsThePast() =>
        Assert.Equal(-1, Timestamps.ToCount(DateTime.UnixEpoch.AddTicks(-1), DateTimeTimeUnit.Millis));

    [Fact]
    public void Timestamp_OutsideDotNet_IsAClearError() =>
        Assert.Throws<ParquetException>(() => Timestamps.FromCount(long.MaxValue, DateTimeTimeUnit.Millis, DateTimeKind.Utc));

    [Theory]
    [InlineData("0.005")]
    [InlineData("1000")]
    public void Decimal_ThatDoesNotFit_IsRefused(string text)
    {
        var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Throws<ArgumentException>(() => Decimals.ToUnscaled(value, precision: 5, scale: 2));
    }

    [Theory]
    [InlineData("79228162514264337593543950335", 38, 0)]
    [InlineData("-0.0000000000000000000000000001", 38, 28)]
    [InlineData("-12.34", 5, 2)]
    public void Decimal_AnyThatFits_ComesBack(string text, int precision, int scale)
    {
        var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        var bytes = Decimals.ToBytes(Decimals.ToUnscaled(value, precision, scale), Decimals.SizeOf(precision));

        Assert.Equal(value, Decimals.FromUnscaled(Decimals.FromBytes(bytes.Span), scale));
    }

    [Fact]
    public void NumberRange_ZerosAndVectors_AreWidenedAndFound()
    {
        var range = new NumberRange<float>();
        range.Include([.. Enumerable.Repeat(0f, 37)]);
        var zeros = range.Bounds!.Value;
        range.Include([.. Enumerable.Range(0, 100).Select(i => (float)(i * 37 % 100 - 40))]);

        Assert.True(float.IsNegative(zeros.Min) && !float.IsNegative(zeros.Max));
        Assert.Equal((-40f, 59f), range.Bounds);
    }

    [Fact]
    public void Codec_NotSupported_NamesTheAllowed()
    {
        var error = Assert.Throws<NotSupportedException>(() => PageCodec.Create(CompressionCodec.LZO));

        Assert.Contains("Zstd", error.Message, StringComparison.Ordinal);
    }
}
