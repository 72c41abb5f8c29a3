using Lzn.Functions;
using Lzn.Functions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Tests.Configuration;

public sealed class LocalSettingsTests
{
    [Fact]
    public void Parse_ValuesAndPort_AreRead()
    {
        var settings = LocalSettings.Parse("f", """
            {
              // a comment
              "isEncrypted": false,
              "Values": { "A": "1", "Deep__Name": "2", "Flag": true, "None": null },
              "ConnectionStrings": { "Db": "x" },
              "Host": { "LocalHttpPort": 7123 },
            }
            """);

        Assert.Equal(7123, settings.LocalHttpPort);
        Assert.Equal(("1", "2", "true", null, "x"), (settings.Values["a"], settings.Values["Deep:Name"], settings.Values["Flag"], settings.Values["None"], settings.Values["ConnectionStrings:Db"]));
    }

    [Fact]
    public void Parse_NothingInIt_IsEmpty() => Assert.Empty(LocalSettings.Parse("f", "{}").Values);

    [Theory]
    [InlineData("{", "f is not valid JSON")]
    [InlineData("""{ "IsEncrypted": true }""", "f: IsEncrypted is true")]
    [InlineData("""{ "Values": [] }""", "f: 'Values' is Array")]
    [InlineData("""{ "Values": { "A": { "B": "1" } } }""", "f: setting 'A' is Object")]
    [InlineData("""{ "Host": { "LocalHttpPort": 70000 } }""", "f: Host.LocalHttpPort is 70000")]
    public void Parse_BadContent_SaysWhatAndWhere(string json, string message) =>
        Assert.Contains(message, Assert.Throws<FunctionsStartException>(() => LocalSettings.Parse("f", json)).Message, StringComparison.Ordinal);
}
