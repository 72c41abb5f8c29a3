namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>A cookie of a request or response.</summary>
public interface IHttpCookie
{
    string Name { get; }

    string Value { get; }

    string? Domain { get; }

    string? Path { get; }

    DateTimeOffset? Expires { get; }

    /// <summary>Lifetime in seconds.</summary>
    double? MaxAge { get; }

    bool? HttpOnly { get; }

    bool? Secure { get; }

    SameSite SameSite { get; }
}
