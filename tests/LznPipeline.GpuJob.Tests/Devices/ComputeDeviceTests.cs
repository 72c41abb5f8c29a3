using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.Shared.Options;

namespace LznPipeline.GpuJob.Tests.Devices;

public sealed class ComputeDeviceTests
{
    [Theory]
    [InlineData(null, null, 0, "cpu")]
    [InlineData(null, null, 2, "cuda:0")]
    [InlineData("auto", "cpu", 1, "cuda:0")]
    [InlineData("cpu", "cuda", 1, "cpu")]
    [InlineData("cuda", null, 1, "cuda:0")]
    [InlineData(null, "cpu", 1, "cpu")]
    [InlineData(null, "cuda", 1, "cuda:0")]
    [InlineData(null, " ", 1, "cuda:0")]
    public void Choose_OptionThenSettingThenWhatIsThere_Decides(string? option, string? setting, int present, string chosen) =>
        Assert.Equal(chosen, $"{Choose(option, setting, present)}");

    [Fact]
    public void Choose_EachProcess_HasADeviceOfItsOwn() =>
        Assert.Equal(
            ["cuda:0", "cuda:1", "cuda:2"],
            Enumerable.Range(0, 3).Select(rank => $"{Choose(null, null, 4, new Topology { Devices = 3, LocalRank = rank })}"));

    [Theory]
    [InlineData("gpu", null, "--device is 'gpu'. Allowed: cpu, cuda or auto")]
    [InlineData(null, "tpu", "LZN_DEVICE is 'tpu'. Allowed: cpu, cuda or auto")]
    public void Choose_UnknownKind_IsRefusedWithWhereItWasSaid(string? option, string? setting, string said) =>
        Assert.Contains(said, Assert.Throws<OptionsException>(() => Choose(option, setting, 1)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("cuda", null, "--device is 'cuda'")]
    [InlineData(null, "cuda", "LZN_DEVICE is 'cuda'")]
    public void Choose_CudaThatIsNotThere_IsRefusedAndNotReplaced(string? option, string? setting, string said)
    {
        var refused = Assert.Throws<OptionsException>(() => Choose(option, setting, 0)).Message;

        Assert.Contains(said, refused, StringComparison.Ordinal);
        Assert.Contains("libtorch finds no CUDA device", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_MoreProcessesThanDevices_IsRefusedWithTheirNumber() =>
        Assert.Contains(
            "--devices is 3. Allowed: 1 to 2",
            Assert.Throws<OptionsException>(() => Choose(null, null, 2, new Topology { Devices = 3 })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Choose_ProcessesOnTheProcessor_NeedNoDevices() => Assert.Equal("cpu", $"{Choose("cpu", null, 1, new Topology { Devices = 3 })}");

    private static TorchSharp.torch.Device Choose(string? option, string? setting, int present, Topology? topology = null) =>
        ComputeDevice.Choose(option, topology ?? Topology.Single, name => name == ComputeDevice.Setting ? setting : null, present);
}
