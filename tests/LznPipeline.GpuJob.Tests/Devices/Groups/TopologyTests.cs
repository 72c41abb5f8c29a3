using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.Shared.Options;

namespace LznPipeline.GpuJob.Tests.Devices.Groups;

public sealed class TopologyTests
{
    [Fact]
    public void Read_NothingSet_IsOneProcess() => Assert.Equal(Topology.Single, Read([]));

    [Fact]
    public void Read_DevicesGiven_GoBeforeTheSetting()
    {
        Assert.Equal(3, Read([(Topology.DevicesSetting, "3")]).World);
        Assert.Equal(2, Read([(Topology.DevicesSetting, "3")], devices: 2).World);
    }

    [Fact]
    public void Read_SecondNode_HasTheRanksAfterTheFirst()
    {
        var topology = Read([("WORLD_SIZE", "2"), ("NODE_RANK", "1"), ("MASTER_ADDR", "10.0.0.1"), ("MASTER_PORT", "29500")], devices: 4, localRank: 3);

        Assert.Equal((2, 4, 8, 7), Shape(topology));
        Assert.Equal(("10.0.0.1", 29500), (topology.MasterAddress, topology.MasterPort));
    }

    [Fact]
    public void Read_OneNode_NeedsNoMeetingPoint() => Assert.Equal(0, Read([("MASTER_PORT", "99999999")], devices: 2).MasterPort);

    [Theory]
    [InlineData("WORLD_SIZE", "0")]
    [InlineData("WORLD_SIZE", "two")]
    [InlineData("NODE_RANK", "2")]
    [InlineData("NODE_RANK", "-1")]
    [InlineData("MASTER_PORT", "70000")]
    [InlineData("MASTER_PORT", "")]
    [InlineData("MASTER_ADDR", " ")]
    [InlineData("LZN_DEVICES", "0")]
    public void Read_WrongSetting_IsNamedWithWhatIsAllowed(string name, string value)
    {
        (string, string)[] good = [("WORLD_SIZE", "2"), ("NODE_RANK", "1"), ("MASTER_ADDR", "10.0.0.1"), ("MASTER_PORT", "29500")];

        var refused = Assert.Throws<OptionsException>(() => Read([.. good.Where(setting => setting.Item1 != name), (name, value)]));

        Assert.Contains($"{name} is '{value}'", refused.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(-1, 0), InlineData(257, 0), InlineData(2, 2)]
    public void Read_ImpossibleProcesses_AreRefused(int devices, int localRank) => Assert.Throws<OptionsException>(() => Read([], devices, localRank));

    [Fact]
    public void Read_SeveralWrong_AreAllNamed()
    {
        var refused = Assert.Throws<OptionsException>(() => Read([("WORLD_SIZE", "2"), ("NODE_RANK", "5")]));

        Assert.All(["NODE_RANK", "MASTER_ADDR", "MASTER_PORT"], name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
    }

    private static (int, int, int, int) Shape(Topology topology) => (topology.Nodes, topology.Devices, topology.World, topology.Rank);

    private static Topology Read((string Name, string Value)[] environment, int? devices = null, int localRank = 0) =>
        Topology.Read(devices, localRank, name => environment.FirstOrDefault(setting => setting.Name == name).Value);
}
