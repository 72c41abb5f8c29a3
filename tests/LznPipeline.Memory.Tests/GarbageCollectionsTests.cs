using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;

namespace LznPipeline.Memory.Tests;

public sealed partial class GarbageCollectionsTests : IDisposable
{
    private static byte[]? _garbage;

    private readonly Workplace _place = new();

    public void Dispose()
    {
        GarbageCollections.Resume();
        _place.Dispose();
    }

    [Fact]
    public void AtRest_MuchWasAllocated_IsTheOnlyPlaceWhereGarbageIsCollected()
    {
        GarbageCollections.PutOff();
        var (between, atRest) = (0, 0);

        for (var step = 0; step < 20; step++)
        {
            var before = GC.CollectionCount(0);
            Allocate(20);
            between += GC.CollectionCount(0) - before;
            GarbageCollections.AtRest();
            atRest += GC.CollectionCount(0) - before > 0 ? 1 : 0;
        }

        Assert.Equal(0, between);
        Assert.Equal(10, atRest);       // after every 32 MiB or more, that is 40
    }

    [Fact]
    public void AtRest_MoreWasAllocatedThanIsPutOff_CountsItAndPutsOffAgain()
    {
        GarbageCollections.PutOff();
        var before = GarbageCollections.Counts;

        Allocate(700);
        GarbageCollections.AtRest();
        var (afterMuch, collected) = (GarbageCollections.Counts, GC.CollectionCount(0));
        Allocate(20);

        Assert.InRange(afterMuch.Between - before.Between, 1, int.MaxValue);
        Assert.Equal(collected, GC.CollectionCount(0));
    }

    [Fact]
    public async Task Train_AsAProcess_CollectsBetweenStepsOnly()
    {
        await _place.PublishDatasetAsync();
        var start = await _place.ProgramAsync(Workplace.Train(Workplace.TinyRecipe(
            ("training.iterations", "400"), ("training.checkpointEvery", "100"), ("training.samplesEvery", "400"))));
        start.Environment.Remove("DOTNET_GCgen0size");      // as for a user
        using var program = RunningProgram.Start(start);

        await program.SucceedsAsync();

        Assert.Matches(CollectedAtRestOnly(), program.Output);
    }

    [GeneratedRegex("Garbage was collected [1-9][0-9]* times at rest, 0 times in between")]
    private static partial Regex CollectedAtRestOnly();

    private static void Allocate(int mebibytes)
    {
        for (var each = 0; each < mebibytes * 1024; each++)
            _garbage = new byte[1000];
    }
}
