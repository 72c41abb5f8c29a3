namespace LznPipeline.Shared.Options;

/// <summary>JSON as its author wrote it: text stands in its own quotes already, so a problem's report adds none.</summary>
internal sealed record JsonText(string Json)
{
    public JsonText(IEnumerable<int> numbers)
        : this($"[{string.Join(", ", numbers)}]")
    {
    }

    public JsonText(IEnumerable<double> numbers)
        : this($"[{string.Join(", ", numbers)}]")
    {
    }

    public override string ToString() => Json;
}
