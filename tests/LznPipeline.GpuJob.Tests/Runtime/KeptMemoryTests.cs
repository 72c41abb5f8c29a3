using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Tests.Runtime;

public sealed class KeptMemoryTests
{
    private const long Mebibyte = 1 << 20;

    private long _resident;
    private long _used;
    private int _givenBack;

    [Fact]
    public void Look_MemoryPilesUp_StaysBelowTwiceWhatIsUsed()
    {
        var (kept, most) = (Kept(used: 400), 0L);

        for (var step = 0; step < 1000; step++)
        {
            _resident += 30 * Mebibyte;
            kept.Look();
            most = Math.Max(most, _resident);
        }

        Assert.InRange(most, 0, 2 * 400 * Mebibyte);
        Assert.InRange(_givenBack, 30, 110);        // not at every step
    }

    [Fact]
    public void Look_MemoryIsUsed_LeavesItAlone()
    {
        var kept = Kept(used: 5000);

        for (var look = 0; look < 1000; look++)
            kept.Look();

        Assert.Equal(1, _givenBack);
    }

    [Fact]
    public void Look_LittleIsResident_LeavesItAlone()
    {
        var kept = Kept(used: 100);
        _resident = 500 * Mebibyte;

        kept.Look();

        Assert.Equal(0, _givenBack);
    }

    private KeptMemory Kept(long used)
    {
        _resident = _used = used * Mebibyte;
        return new KeptMemory(() => _resident, () => (_resident, _givenBack) = (_used, _givenBack + 1));
    }
}
