using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Client;

public class DurableTaskClientOptions
{
    private DataConverter? _dataConverter;

    /// <summary>Version of instances that are started without one.</summary>
    public string DefaultVersion { get; set; } = "";

    public DataConverter DataConverter
    {
        get => _dataConverter ?? JsonDataConverter.Default;
        set => _dataConverter = value;
    }

    public bool EnableEntitySupport { get; set; }

    internal bool DataConverterIsSet => _dataConverter is not null;
}
