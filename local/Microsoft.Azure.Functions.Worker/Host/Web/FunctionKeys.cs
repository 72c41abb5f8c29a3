using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Lzn.Functions.Web;

/// <summary>
/// Keys of the app: settings <c>Lzn:Functions:Keys:Master</c>, <c>:Host</c> (any function), <c>:Durable</c> (management routes) and
/// <c>:Functions:{name}</c>. In Development nobody needs one; elsewhere a function without a configured key is closed, not open.
/// </summary>
internal sealed class FunctionKeys(IConfiguration configuration, IHostEnvironment environment)
{
    public const string Section = "Lzn:Functions:Keys";
    private const string Header = "x-functions-key";
    private const string Query = "code";

    public bool Open { get; } = environment.IsDevelopment();

    /// <summary>The key to put into management URLs; null when none is needed or known.</summary>
    public string? Durable => Open ? null : Configured("Durable").FirstOrDefault();

    public bool AnyFor(string function) => Configured("Master", "Host", "Functions:" + function).Count > 0;

    public bool Allow(HttpRequest request, AuthorizationLevel level, string function) => Open || level switch
    {
        AuthorizationLevel.Anonymous => true,
        AuthorizationLevel.Function => Presents(request, "Master", "Host", "Functions:" + function),
        AuthorizationLevel.System => Presents(request, "Master", "Durable"),
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
        foreach (var key in Configured(names))
            match |= CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return match;
    }

    private List<string> Configured(params ReadOnlySpan<string> names)
    {
        var keys = new List<string>();
        foreach (var name in names)
        {
            if (configuration[$"{Section}:{name}"] is { Length: > 0 } key)
                keys.Add(key);
        }

        return keys;
    }
}
