using LznPipeline.Shared.Options;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LznPipeline.Activities.Tests.Options;

public sealed class LznOptionsTests
{
    [Fact]
    public void AddActivities_SeveralWrongSettings_NamesEveryOne()
    {
        var wrong = Assert.Throws<OptionsException>(
            () => Add(("Lzn:MaxLocalJobs", "0"), ("Lzn:HeartbeatLimit", "00:00:05"), ("Lzn:GpuJob", "/no/such/program")));

        Assert.Equal(["Lzn:GpuJob", "Lzn:HeartbeatLimit", "Lzn:MaxLocalJobs"], wrong.Problems.Select(problem => problem.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AddActivities_ContainerAppWithoutItsNames_AsksForThem()
    {
        var wrong = Assert.Throws<OptionsException>(() => Add(("Lzn:Launcher", "ContainerApp")));

        Assert.Equal(
            ["Lzn:ContainerApp:SubscriptionId", "Lzn:ContainerApp:ResourceGroup", "Lzn:ContainerApp:Job"],
            wrong.Problems.Select(problem => problem.Field));
    }

    [Fact]
    public void AddActivities_MisspeltSetting_IsRefused()
    {
        var wrong = Assert.Throws<OptionsException>(
            () => Add(("Lzn:GpuJob", "/bin/true"), ("Lzn:MaxLocalJob", "3"), ("Lzn:Functions:Keys:Host", "of the host")));

        Assert.Equal("Lzn:MaxLocalJob", Assert.Single(wrong.Problems).Field);
    }

    [Fact]
    public void AddActivities_NoStorage_NamesTheSetting()
    {
        var wrong = Assert.Throws<OptionsException>(() => Add((StoreAddress.Setting, ""), ("Lzn:GpuJob", "/bin/true")));

        Assert.Equal(StoreAddress.Setting, Assert.Single(wrong.Problems).Field);
    }

    private static void Add(params (string Name, string Value)[] settings)
    {
        var all = settings.Prepend((Name: StoreAddress.Setting, Value: "folder:/nowhere"))
            .GroupBy(setting => setting.Name)
            .ToDictionary(same => same.Key, same => (string?)same.Last().Value);
        new ServiceCollection().AddActivities(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
