namespace TorchSharp.Modules;

internal static class Pairs
{
    internal static long[] ToArray(this (long, long) pair) => [pair.Item1, pair.Item2];
}
