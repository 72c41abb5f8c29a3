using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LznPipeline.LocalHost.Http;

/// <summary>Stands before every address: what a page of another site, a borrowed name or a forged header could ask of this machine ends here.</summary>
internal static class RequestGuard
{
    private static readonly string[] Forwarded = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix"];

    /// <param name="front">With host filtering among its services.</param>
    internal static void Use(WebApplication front)
    {
        front.UseStatusCodePages();     // a refusal without words gets those of RFC 9457
        front.UseHostFiltering();       // a name that an attacker's DNS leads here is no name of this host
        front.Use(async (http, next) =>
        {
            // A browser sends Origin with whatever a page asks for beside reading, and the page cannot forge it.
            var origin = http.Request.Headers.Origin.ToString();
            if (origin.Length > 0 && !string.Equals(origin, $"{http.Request.Scheme}://{http.Request.Host}", StringComparison.OrdinalIgnoreCase))
            {
                await Results.Problem($"Requests from pages of '{origin}' are refused.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(http);
                return;
            }

            foreach (var name in Forwarded)     // addresses in answers are made from what Kestrel saw, not from what somebody says
                http.Request.Headers.Remove(name);
            await next(http);
        });
    }
}
