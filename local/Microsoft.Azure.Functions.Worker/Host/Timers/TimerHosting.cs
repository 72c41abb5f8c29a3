using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lzn.Functions.Timers;

/// <summary>Adds what runs the app's timers, when it has any.</summary>
internal static class TimerHosting
{
    public static void AddTo(IServiceCollection services, IReadOnlyList<TimerFunction> timers)
    {
        if (timers.Count == 0)
            return;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(timers).AddSingleton<TimerStatusStore>().AddSingleton<TimerInvoker>().AddSingleton<TimerService>();
        services.AddHostedService(provider => provider.GetRequiredService<TimerService>());
    }
}
