namespace System.IO.Hashing.Tests;

/// <summary>Against the check values that catalogues of CRCs publish: the checksum of the nine digits "123456789".</summary>
public sealed class ChecksumTests
{
    private static readonly byte[] Digits = "123456789"u8.ToArray();

    [Fact]
    public void Crc32_NineDigits_IsThePublishedCheckValue() => Assert.Equal(0xCBF43926u, BitConverter.ToUInt32(Crc32.Hash(Digits)));

    [Fact]
    public void Crc64_NineDigits_IsThePublishedCheckValue() => Assert.Equal("6C40DF5F0B497347", Convert.ToHexString(Crc64.Hash(Digits)));

    public static TheoryData<NonCryptographicHashAlgorithm, byte[]> Algorithms => new()
    {
        { new Crc32(), Crc32.Hash(Digits) },
        { new Crc64(), Crc64.Hash(Digits) },
    };

    [Theory, MemberData(nameof(Algorithms))]
    public async Task Append_InPieces_EqualsTheHashOfTheWhole(NonCryptographicHashAlgorithm algorithm, byte[] whole)
    {
        using var end = new MemoryStream(Digits, 6, 3);

        algorithm.Append(Digits.AsSpan(0, 4));
        AppendStream(algorithm, new MemoryStream(Digits, 4, 2));
        await algorithm.AppendAsync(end);

        Assert.Equal(whole, algorithm.GetCurrentHash());
        Assert.Equal(whole, algorithm.GetHashAndReset());
        algorithm.Append(Digits);
        Assert.Equal(whole, algorithm.GetCurrentHash());
    }

    private static void AppendStream(NonCryptographicHashAlgorithm algorithm, Stream stream) => algorithm.Append(stream);

    [Theory, MemberData(nameof(Algorithms))]
    public void GetCurrentHash_ShortDestination_NamesBothLengths(NonCryptographicHashAlgorithm algorithm, byte[] whole)
    {
        var error = Assert.Throws<ArgumentException>(() => algorithm.GetCurrentHash(new byte[whole.Length - 1]));

        Assert.Contains($"{whole.Length - 1} bytes, the hash needs {whole.Length}", error.Message, StringComparison.Ordinal);
        Assert.False(algorithm.TryGetCurrentHash(new byte[1], out var written));
        Assert.Equal(0, written);
    }

    [Fact]
    public void Hash_ShortDestination_Throws()
    {
        Assert.Throws<ArgumentException>(() => Crc32.Hash(Digits, new byte[3]));
        Assert.Throws<ArgumentException>(() => Crc64.Hash(Digits, new byte[7]));
    }
}
