namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Produces the value of a parameter.</summary>
public interface IInputConverter
{
    ValueTask<ConversionResult> ConvertAsync(ConverterContext context);
}
