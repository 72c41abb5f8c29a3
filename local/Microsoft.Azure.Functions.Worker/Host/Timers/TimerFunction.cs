using Lzn.Functions.Catalog;

namespace Lzn.Functions.Timers;

/// <summary>A timer function and its schedule.</summary>
/// <param name="Monitored">Its status is kept in storage.</param>
internal sealed record TimerFunction(FunctionDescriptor Function, TimerSchedule Schedule, bool Monitored, bool RunOnStartup)
{
    public string Name => Function.Name;
}
