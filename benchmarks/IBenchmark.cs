namespace LznPipeline.Benchmarks;

/// <summary>One comparison of ours with its peers. Every implementation in this project is found by <see cref="Program"/> by itself.</summary>
internal interface IBenchmark
{
    /// <summary>What <c>./lzn bench NAME</c> calls it: lower case, hyphens.</summary>
    string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    string Summary { get; }

    /// <summary>Measures, and yields each figure as soon as it is known.</summary>
    IAsyncEnumerable<Measure> RunAsync(CancellationToken stop);
}
