using System.Text.Json.Serialization;
using LznPipeline.GpuJob.Devices.Groups;

namespace LznPipeline.GpuJob.Devices.Membership;

/// <summary>What a rank and the coordinator say to each other.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Join), "join")]
[JsonDerivedType(typeof(Admitted), "admitted")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(Beat), "beat")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(Left), "left")]
internal abstract record Message;

/// <summary>The first word of a rank.</summary>
/// <param name="Job">Names the job and everything that must be the same on all ranks.</param>
/// <param name="Host">Name of its machine, for messages.</param>
/// <param name="Ports">Where it listens, by transport; those that it has, the best first.</param>
internal sealed record Join(string Job, int World, int Rank, string Host, int ProcessId, KeyValuePair<string, int>[] Ports) : Message;

/// <summary>All ranks are there.</summary>
/// <param name="Transport">The best that all have.</param>
/// <param name="EndPoints">Of that transport, as ADDRESS:PORT by rank.</param>
/// <param name="Briefing">What rank 0 has to say to all.</param>
internal sealed record Admitted(string Transport, string[] EndPoints, string Secret, string Briefing) : Message;

/// <summary>The rank does not fit into the group.</summary>
internal sealed record Refused(string Reason) : Message;

/// <summary>The process lives.</summary>
/// <param name="Operations">See <see cref="IDeviceGroup.Operations"/>.</param>
internal sealed record Beat(long Operations) : Message;

/// <summary>From a rank: what it knows. From the coordinator: what all end with.</summary>
internal sealed record Failed(RankFailure Failure) : Message;

/// <summary>The rank needs the group no longer.</summary>
internal sealed record Left : Message;
