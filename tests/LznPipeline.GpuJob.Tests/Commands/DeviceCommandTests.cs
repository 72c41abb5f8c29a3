using LznPipeline.GpuJob.Commands;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Commands;

public sealed class DeviceCommandTests
{
    [Fact]
    public void Describe_Processor_NamesLibtorchAndWhereItComputes() =>
        Assert.Matches("^2\\..* computes on cpu, with [1-9][0-9]* threads$", DeviceCommand.Describe(CPU));
}
