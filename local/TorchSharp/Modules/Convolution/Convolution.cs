using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What convolutions share: shape of the weight, start values, padding.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly Slot<Parameter> _weight;
    private readonly Slot<Parameter> _bias;

    private protected Convolution(
        string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type, long[] dilation,
        bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype) : base(name)
    {
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException($"Only {PaddingModes.Zeros} padding is supported for transposed convolutions, not {padding_mode}.", nameof(padding_mode));
        if (padding_type == Padding.Same && stride.Any(step => step != 1))
            throw new ArgumentException("padding='same' is not supported for strided convolutions", nameof(padding_type));

        this.in_channels = in_channels;
        this.out_channels = out_channels;
        this.kernel_size = kernel_size;
        this.stride = stride;
        this.dilation = dilation;
        this.transposed = transposed;
        this.output_padding = output_padding;
        this.groups = groups;
        this.padding_mode = padding_mode;
        this.padding_type = padding_type;
        this.padding = padding_type is null ? padding ?? new long[kernel_size.Length] : null;

        long[] shape = transposed ? [in_channels, out_channels / groups, .. kernel_size] : [out_channels, in_channels / groups, .. kernel_size];
        _weight = ParameterSlot(nameof(weight), nn.Parameter(empty(shape, dtype, device)));
        _bias = ParameterSlot(nameof(bias), bias ? nn.Parameter(empty([out_channels], dtype, device)) : null);
        reset_parameters();
    }

    public Parameter weight { get => _weight.Required; set => _weight.Value = value; }

    public Parameter? bias { get => _bias.Value; set => _bias.Value = value; }

    public long in_channels { get; }
    public long out_channels { get; }
    public bool transposed { get; }
    public Padding? padding_type { get; }
    public long[]? padding { get; }
    public PaddingModes padding_mode { get; set; }
    public long groups { get; set; }
    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] dilation { get; set; }
    public long[] output_padding { get; set; }

    public void reset_parameters()
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null) return;
        var (fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
        if (fanIn == 0) return;
        var bound = 1 / Math.Sqrt(fanIn);
        nn.init.uniform_(bias, -bound, bound);
    }

    /// <summary>Padding for <see cref="nn.functional.pad(Tensor, long[], PaddingModes, double)"/>: last dimension first, before and behind.</summary>
    private protected long[] PaddingPairs()
    {
        var pairs = new List<long>();
        for (var i = kernel_size.Length - 1; i >= 0; i--)
        {
            var total = padding is not null ? 2 * padding[i] : padding_type == Padding.Same ? dilation[i] * (kernel_size[i] - 1) : 0;
            pairs.Add(total / 2);
            pairs.Add(total - (total / 2));
        }

        return [.. pairs];
    }
}
