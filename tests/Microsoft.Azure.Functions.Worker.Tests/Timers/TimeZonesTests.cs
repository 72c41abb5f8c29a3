using Lzn.Functions.Timers;

namespace Microsoft.Azure.Functions.Worker.Tests.Timers;

public sealed class TimeZonesTests
{
    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("pacific standard time", "America/Los_Angeles")]
    [InlineData("UTC", "UTC")]
    public void Find_IanaOrWindowsName_IsTheZone(string id, string zone) => Assert.Equal(zone, TimeZones.Find(id)?.Id);

    [Theory]
    [InlineData("Mars/Base")]
    [InlineData("Pacific Time")]
    public void Find_UnknownName_IsNone(string id) => Assert.Null(TimeZones.Find(id));

    [Fact]
    public void Find_EveryWindowsName_IsAZoneOfThisMachine()
    {
        var names = TimeZones.ReadWindowsNames().Keys;

        Assert.True(names.Count > 130);
        Assert.DoesNotContain(names, name => TimeZones.Find(name) is null);
    }
}
