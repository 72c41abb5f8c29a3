using System.Security.Cryptography;
using System.Text;
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

    /// <param name="level">As the function's trigger says: anonymous, function, admin; or system.</param>
    internal bool Allow(HttpRequest request, string level, string function) => settings.IsDevelopment || level.ToUpperInvariant() switch
    {
        "ANONYMOUS" => true,
        "FUNCTION" => Presents(request, "Master", "Host", $"Functions:{function}"),
        "SYSTEM" => Presents(request, "Master", "System"),
        _ => Presents(request, "Master"),
    };

    private bool Presents(HttpRequest request, params ReadOnlySpan<string> names)
    {
        var given = request.Headers.TryGetValue(Header, out var header) ? header.ToString() : request.Query[Query].ToString();
        if (given.Length == 0)
            return false;

        // Hashing makes both sides equally long, so that neither length nor content shows in the time taken.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(given));
        var match = false;
        foreach (var name in names)
        {
            if (configuration[$"{Section}:{name}"] is { Length: > 0 } key)
                match |= CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        }

        return match;
    }
}
