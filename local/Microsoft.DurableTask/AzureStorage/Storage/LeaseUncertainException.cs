namespace Lzn.Durable.Storage;

/// <summary>Storage has not confirmed the partition's lease for as long as it lasts: until it does, nothing may be written.</summary>
#pragma warning disable CA1064 // never leaves the engine
internal sealed class LeaseUncertainException() : Exception("The lease of the partition has not been confirmed in time; another host may have it.");
#pragma warning restore CA1064
