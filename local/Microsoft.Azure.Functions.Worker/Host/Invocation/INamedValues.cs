namespace Lzn.Functions.Invocation;

/// <summary>Values a trigger brought along, bound to parameters of the same name.</summary>
internal interface INamedValues
{
    /// <summary>Those known without reading the body.</summary>
    IReadOnlyDictionary<string, object?> Known { get; }

    /// <summary>The value of that name, whatever its casing, or null.</summary>
    ValueTask<string?> FindAsync(string name, CancellationToken stop);
}

/// <summary>For triggers that bring nothing along.</summary>
internal sealed class NoNamedValues : INamedValues
{
    public static readonly NoNamedValues Instance = new();

    public IReadOnlyDictionary<string, object?> Known { get; } = new Dictionary<string, object?>();

    public ValueTask<string?> FindAsync(string name, CancellationToken stop) => new((string?)null);
}
