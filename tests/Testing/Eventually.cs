using System.Runtime.CompilerServices;
using Xunit.Sdk;

namespace LznPipeline.Testing;

/// <summary>Waits for what another process or task brings about; fails with the last state seen, never by a fixed delay.</summary>
public static class Eventually
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Looks until <paramref name="holds"/>, and returns what was then seen.</summary>
    /// <param name="look">Reads the state. An exception counts as a state that does not hold.</param>
    /// <param name="patience">If left out, far more than a busy machine needs: only a failure waits for its end.</param>
    public static async Task<T> BecomesAsync<T>(
        Func<Task<T>> look, Predicate<T> holds, TimeSpan? patience = null, [CallerArgumentExpression(nameof(holds))] string condition = "")
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            object? seen;
            try
            {
                var state = await look();
                if (holds(state))
                    return state;
                seen = state;
            }
            catch (Exception failed) when (failed is not XunitException)
            {
                seen = failed;
            }

            if (TimeProvider.System.GetElapsedTime(begin) > (patience ?? DefaultPatience))
                throw new XunitException($"Within {(patience ?? DefaultPatience).TotalSeconds} s never: {condition}. Last state: {seen ?? "null"}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Looks until <paramref name="holds"/> for a state that is read without waiting.</summary>
    public static Task<T> Becomes<T>(
        Func<T> look, Predicate<T> holds, TimeSpan? patience = null, [CallerArgumentExpression(nameof(holds))] string condition = "") =>
        BecomesAsync(() => Task.FromResult(look()), holds, patience, condition);
}
