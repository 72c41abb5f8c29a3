namespace Microsoft.Azure.Functions.Worker.Tests.Sample;

/// <summary>The functions of the sample, without those that the tests of discovery keep broken.</summary>
internal static class SampleApp
{
    public static readonly Type[] Functions = [typeof(HttpSamples), typeof(TimerSamples)];
}
