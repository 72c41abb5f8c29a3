namespace Microsoft.Azure.Functions.Worker.Http;

/// <inheritdoc/>
public sealed class HttpCookie : IHttpCookie
{
    public HttpCookie(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        (Name, Value) = (name, value);
    }

    public string Name { get; set; }

    public string Value { get; set; }

    public string? Domain { get; set; }

    public string? Path { get; set; }

    public DateTimeOffset? Expires { get; set; }

    public double? MaxAge { get; set; }

    public bool? HttpOnly { get; set; }

    public bool? Secure { get; set; }

    public SameSite SameSite { get; set; }
}

/// <summary>When a browser sends a cookie along from other sites.</summary>
public enum SameSite
{
    /// <summary>Not stated.</summary>
    None = 0,

    /// <summary>On top-level navigation.</summary>
    Lax = 1,

    /// <summary>Never.</summary>
    Strict = 2,

    /// <summary>Always.</summary>
    ExplicitNone = 3,
}
