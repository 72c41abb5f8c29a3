namespace LznPipeline.Orchestrations.Tests.Hosting;

/// <summary>Tests in it run one after the other: the nightly timer looks at every model in storage, so nobody else's may be half done meanwhile.</summary>
[CollectionDefinition(Name)]
public sealed class OneHostAtATime
{
    public const string Name = "one host at a time";
}
