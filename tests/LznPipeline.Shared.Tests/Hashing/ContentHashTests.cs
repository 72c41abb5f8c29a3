using LznPipeline.Shared.Hashing;

namespace LznPipeline.Shared.Tests.Hashing;

public sealed class ContentHashTests
{
    [Fact]
    public void Version_KnownContent_IsTheSameOnEveryMachineForEver()
    {
        // The SHA-256 of {"a":1.5,"b":["x",{"c":true,"d":"\u00E9"}]}, by another program.
        Assert.Equal("9968752a895f1f94", ContentHash.Version(new { B = new object[] { "x", new { D = "é", C = true } }, A = 1.5 }));
    }

    [Fact]
    public void Version_FieldsInAnotherOrder_IsTheSame()
    {
        Assert.Equal(
            ContentHash.Version(new { First = 1, Second = new { X = "a", Y = "b" } }),
            ContentHash.Version(new { Second = new { Y = "b", X = "a" }, First = 1 }));
    }

    [Fact]
    public void Version_NullField_IsAsIfLeftOut()
    {
        Assert.Equal(ContentHash.Version(new { Name = "a" }), ContentHash.Version(new { Name = "a", Limit = (int?)null }));
    }

    [Fact]
    public void Version_ItemsInAnotherOrder_Differs()
    {
        Assert.NotEqual(ContentHash.Version(new[] { 1, 2 }), ContentHash.Version(new[] { 2, 1 }));
    }

    [Fact]
    public async Task Sha256_Stream_EqualsThatOfItsBytes()
    {
        byte[] content = [1, 2, 3];
        using var stream = new MemoryStream(content);

        Assert.Equal("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81", ContentHash.Sha256(content));
        Assert.Equal(ContentHash.Sha256(content), await ContentHash.Sha256Async(stream, CancellationToken.None));
    }
}
