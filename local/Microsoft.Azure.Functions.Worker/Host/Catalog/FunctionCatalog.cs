namespace Lzn.Functions.Catalog;

/// <summary>All functions of the app, by name.</summary>
internal sealed class FunctionCatalog(IEnumerable<FunctionDescriptor> functions)
{
    public IReadOnlyList<FunctionDescriptor> Functions { get; } = [.. functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)];

    public FunctionDescriptor? Find(string name) => Functions.FirstOrDefault(function => string.Equals(function.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The functions started by a trigger of that kind.</summary>
    public IEnumerable<(FunctionDescriptor Function, TTrigger Trigger)> StartedBy<TTrigger>() =>
        Functions.Where(function => function.Trigger is TTrigger).Select(function => (function, (TTrigger)(object)function.Trigger));
}
