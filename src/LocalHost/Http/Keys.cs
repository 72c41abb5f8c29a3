using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using LznPipeline.LocalHost.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace LznPipeline.LocalHost.Http;

/// <summary>
/// Who may do what: settings <c>FunctionKeys:Master</c> (everything), <c>:Host</c> (any function), <c>:System</c> (the durable extension's routes) and
/// <c>:Functions:{name}</c>. In Development nobody needs a key; elsewhere a function without a configured key is closed, not open.
/// </summary>
internal sealed class Keys(IConfiguration configuration, HostSettings settings)
{
    private const string Section = "FunctionKeys";
    private const string Header = "x-functions-key";
    private const string Query = "code";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<HttpContext> _wrongKeys = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetFixedWindowLimiter(
            $"{http.Connection.RemoteIpAddress}", _ => new FixedWindowRateLimiterOptions { PermitLimit = settings.WrongKeysPerMinute, Window = Window }));

    /// <summary>Answers 401 to who may not, and passes the others on. An address from which too many wrong keys came waits, whatever key comes next.</summary>
    /// <param name="level">As the function's trigger says: anonymous, function, admin; or system.</param>
    internal RequestDelegate Guard(RequestDelegate serve, string level, string function = "")
    {
        if (settings.IsDevelopment || string.Equals(level, "anonymous", StringComparison.OrdinalIgnoreCase))
            return serve;
        string[] names = level.ToUpperInvariant() switch
        {
            "FUNCTION" => ["Master", "Host", $"Functions:{function}"],
            "SYSTEM" => ["Master", "System"],
            _ => ["Master"],
        };
        return http => Refusal(http, names) is { } refusal ? refusal.ExecuteAsync(http) : serve(http);
    }

    /// <returns>Null for who presents one of the keys of these names.</returns>
    private IResult? Refusal(HttpContext http, string[] names)
    {
        var given = http.Request.Headers.TryGetValue(Header, out var header) ? $"{header}" : $"{http.Request.Query[Query]}";
        if (given.Length == 0)
            return Results.Problem($"This needs a key, in the header {Header} or the query parameter {Query}.", statusCode: StatusCodes.Status401Unauthorized);
        if (_wrongKeys.GetStatistics(http) is { CurrentAvailablePermits: 0 })
        {
            http.Response.Headers.RetryAfter = $"{Window.TotalSeconds}";
            return Results.Problem("Too many wrong keys came from this address.", statusCode: StatusCodes.Status429TooManyRequests);
        }

        // Hashing makes both sides equally long, so that neither length nor content shows in the time taken.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(given));
        if (names.Select(name => configuration[$"{Section}:{name}"]).Where(key => !string.IsNullOrEmpty(key))
            .Aggregate(false, (match, key) => match | CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(key!)))))
            return null;
        _wrongKeys.AttemptAcquire(http).Dispose();
        return Results.Problem("The key is not one that opens this.", statusCode: StatusCodes.Status401Unauthorized);
    }
}
