using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settings of the functions worker.</summary>
public class WorkerOptions
{
    private const string UserCodeException = "EnableUserCodeException";

    /// <summary>Reads and writes JSON for functions, orchestrations and activities. By default System.Text.Json with the app's JsonSerializerOptions, names as declared.</summary>
    public ObjectSerializer? Serializer { get; set; }

    public InputConverterCollection InputConverters { get; } = [];

    public IDictionary<string, string> Capabilities { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { [UserCodeException] = bool.TrueString };

    [Obsolete("This is now the default behavior. This property may be unavailable in future releases.", false)]
    public bool EnableUserCodeException
    {
        get => Has(UserCodeException);
        set => Set(UserCodeException, value);
    }

    public bool IncludeEmptyEntriesInMessagePayload
    {
        get => Has(nameof(IncludeEmptyEntriesInMessagePayload));
        set => Set(nameof(IncludeEmptyEntriesInMessagePayload), value);
    }

    private bool Has(string capability) => Capabilities.TryGetValue(capability, out var text) && bool.TryParse(text, out var on) && on;

    private void Set(string capability, bool on)
    {
        if (on)
            Capabilities[capability] = bool.TrueString;
        else
            Capabilities.Remove(capability);
    }
}
