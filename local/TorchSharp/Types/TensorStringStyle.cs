namespace TorchSharp;

/// <summary>How a tensor is written out.</summary>
public enum TensorStringStyle
{
    /// <summary>Shape, type and device only.</summary>
    Metadata,

    /// <summary>A line with shape, type and device, then the elements.</summary>
    Julia,

    /// <summary>Nested brackets.</summary>
    Numpy,

    /// <summary>Nested braces, with the type before them.</summary>
    CSharp,

    /// <summary>The style set by <see cref="torch.TensorStringStyle"/>.</summary>
    Default,
}

public static partial class torch
{
    private static TensorStringStyle s_style = TensorStringStyle.Julia;

    public static TensorStringStyle TensorStringStyle
    {
        get => s_style;
        set => s_style = value != TensorStringStyle.Default ? value : throw new ArgumentException("The style cannot be set to 'Default'", nameof(value));
    }

    public const TensorStringStyle julia = TensorStringStyle.Julia;
    public const TensorStringStyle numpy = TensorStringStyle.Numpy;
    public const TensorStringStyle csharp = TensorStringStyle.CSharp;

    internal static string FloatFormat { get; private set; } = "g5";
    internal static string NewLine { get; private set; } = Environment.NewLine;
    internal static int LineWidth { get; private set; } = 100;
    internal static int MaxRows { get; private set; } = 6;
    internal static int MaxColumns { get; private set; } = 6;

    /// <summary>Settings for tensors written out; what is null stays.</summary>
    public static void set_printoptions(
        TensorStringStyle? style = null, string? floatFormat = null, int? linewidth = null, string? newLine = null, int? maxRows = null, int? maxColumns = null)
    {
        TensorStringStyle = style ?? TensorStringStyle;
        FloatFormat = floatFormat ?? FloatFormat;
        LineWidth = linewidth ?? LineWidth;
        NewLine = newLine ?? NewLine;
        MaxRows = maxRows ?? MaxRows;
        MaxColumns = maxColumns ?? MaxColumns;
    }
}
