using LznPipeline.Cli.Health;

namespace LznPipeline.Cli.Tests.Health;

/// <summary>With scripts in the place of <c>lzn-gpu</c>.</summary>
public sealed class TorchTests : IDisposable
{
    private readonly string _program = Path.GetTempFileName();

    [Fact]
    public async Task Find_ProgramComputes_TellsWhatItSaid()
    {
        Says("echo '2.10.0 computes on cpu, with 2 threads'");

        var findings = await Torch.FindAsync(_program, hasDriver: false, default);

        Assert.Equal(Finding.Good("libtorch", "2.10.0 computes on cpu, with 2 threads"), findings[0]);
        Assert.Contains("no driver", findings[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_DriverButABuildForTheProcessor_SaysHowToGetTheOther()
    {
        Says("echo '2.10.0 computes on cpu, with 2 threads'");

        var cuda = (await Torch.FindAsync(_program, hasDriver: true, default))[1];

        Assert.Equal(FindingState.Optional, cuda.State);
        Assert.Contains("LZN_BUILD_DEVICE=cuda", cuda.Get, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ProgramComputesOnCuda_IsGood()
    {
        Says("echo '2.10.0 computes on cuda:0, with 2 threads'");

        Assert.Equal(FindingState.Good, (await Torch.FindAsync(_program, hasDriver: true, default))[1].State);
    }

    [Fact]
    public async Task Find_LibraryDoesNotLoad_IsMissingWithItsReason()
    {
        Says("echo 'libtorch cannot be loaded: version GLIBCXX_3.4.32 not found' >&2; echo more >&2; exit 64");

        var finding = Assert.Single(await Torch.FindAsync(_program, hasDriver: false, default));

        Assert.Equal(FindingState.Missing, finding.State);
        Assert.EndsWith("version GLIBCXX_3.4.32 not found", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_NotBuiltYet_IsNoFault()
    {
        var finding = Assert.Single(await Torch.FindAsync(_program + ".none", hasDriver: false, default));

        Assert.Equal(FindingState.Optional, finding.State);
    }

    public void Dispose() => File.Delete(_program);

    private void Says(string script) => Script.Write(_program, script);
}
