using System.Text.Json;
using System.Text.Json.Serialization;
using LznPipeline.Shared.Options;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>The form of an NCSN++ network. Fields and their JSON names are those of the published configurations.</summary>
internal sealed record NcsnppOptions
{
    /// <summary>Height and width of images in pixels.</summary>
    public required int ImageSize { get; init; }

    public int NumChannels { get; init; } = 3;

    /// <summary>Channels of the first feature map; the others have multiples of it.</summary>
    public required int Nf { get; init; }

    /// <summary>Channels at each resolution in units of <see cref="Nf"/>, from the image's resolution down, halving each time.</summary>
    public required int[] ChMult { get; init; }

    /// <summary>Blocks at each resolution on the way down; the way up has one more.</summary>
    public required int NumResBlocks { get; init; }

    /// <summary>Resolutions in pixels whose blocks are followed by attention. The middle always has one.</summary>
    public required int[] AttnResolutions { get; init; }

    public double Dropout { get; init; }

    public ResblockType ResblockType { get; init; } = ResblockType.Biggan;

    /// <summary>Whether a sum of two paths is divided by sqrt(2), so that its variance stays.</summary>
    public bool SkipRescale { get; init; } = true;

    /// <summary>Scale of the initial weights that end a block; 0 makes blocks that begin by saying (nearly) nothing.</summary>
    public double InitScale { get; init; }

    /// <summary>Whether images and feature maps are resampled through the low-pass filter <see cref="FirKernel"/>.</summary>
    public bool Fir { get; init; }

    /// <summary>The filter's taps in one direction, in any scale; an even number of them.</summary>
    public double[] FirKernel { get; init; } = [1, 3, 3, 1];

    /// <summary>How the decoder's output is made from the resolutions of the way up.</summary>
    public Progressive Progressive { get; init; }

    /// <summary>How the image, made smaller, enters the lower resolutions of the way down.</summary>
    public ProgressiveInput ProgressiveInput { get; init; }

    public EmbeddingType EmbeddingType { get; init; }

    /// <summary>Standard deviation of the frequencies of <see cref="EmbeddingType.Fourier"/>.</summary>
    public double FourierScale { get; init; } = 16;

    /// <summary>Whether the decoder's output is divided by the noise level of its time.</summary>
    public bool ScaleBySigma { get; init; }

    public double SigmaMin { get; init; } = 0.01;

    public double SigmaMax { get; init; } = 50;

    /// <summary>Number of noise levels from <see cref="SigmaMax"/> to <see cref="SigmaMin"/> in the state dictionary.</summary>
    public int NumScales { get; init; } = 1000;

    // The following have one value in all published configurations. They are read so that another value is refused and not passed over.
    public string Normalization { get; init; } = "GroupNorm";

    public string Nonlinearity { get; init; } = "swish";

    public string AttentionType { get; init; } = "ddpm";

    public string ProgressiveCombine { get; init; } = "sum";

    public bool ResampWithConv { get; init; } = true;

    public bool Conditional { get; init; } = true;

    public int ConvSize { get; init; } = 3;

    /// <summary>CIFAR-10, 32 pixels.</summary>
    internal static NcsnppOptions Cifar10 { get; } = new()
    {
        ImageSize = 32,
        Nf = 128,
        ChMult = [1, 2, 2, 2],
        NumResBlocks = 4,
        AttnResolutions = [16],
        Dropout = 0.15,
    };

    /// <summary>AFHQ-Cat, CelebA-HQ and LSUN-Bedroom, 256 pixels.</summary>
    internal static NcsnppOptions Images256 { get; } = new()
    {
        ImageSize = 256,
        Nf = 128,
        ChMult = [1, 1, 2, 2, 2, 2, 2],
        NumResBlocks = 2,
        AttnResolutions = [16],
        Fir = true,
        Progressive = Progressive.OutputSkip,
        ProgressiveInput = ProgressiveInput.InputSkip,
        EmbeddingType = EmbeddingType.Fourier,
        ScaleBySigma = true,
        SigmaMax = 378,
        NumScales = 2000,
    };

    /// <summary>Channels at each resolution, from the image's down.</summary>
    internal IReadOnlyList<int> Channels => [.. ChMult.Select(multiple => multiple * Nf)];

    internal int Resolution(int level) => ImageSize >> level;

    internal bool AttendsAt(int level) => AttnResolutions.Contains(Resolution(level));

    /// <summary>Length of the condition vector that every block of the decoder sees.</summary>
    internal int ConditionDimension => 4 * Nf;

    /// <exception cref="OptionsException">A field is unknown, missing or has a value that is not allowed.</exception>
    internal static NcsnppOptions Parse(string json)
    {
        try
        {
            var options = JsonSerializer.Deserialize<NcsnppOptions>(json, PublishedJson.Options) ?? throw new JsonException("null");
            options.Validate();
            return options;
        }
        catch (JsonException wrong)
        {
            throw new OptionsException([new Problem($"network{wrong.Path?.TrimStart('$')}", "not readable", wrong.Message)]);
        }
    }

    /// <exception cref="OptionsException">Lists every field with a value that is not allowed.</exception>
    internal void Validate()
    {
        var problems = new Problems();
        var levels = ChMult.Length;
        problems.Unless(Nf is >= 4 and <= 4096, "nf", Nf, "4 to 4096");
        problems.Unless(NumChannels is >= 1 and <= 64, "num_channels", NumChannels, "1 to 64");
        problems.Unless(NumResBlocks is >= 1 and <= 64, "num_res_blocks", NumResBlocks, "1 to 64");
        problems.Unless(levels is >= 1 and <= 12 && ChMult.All(multiple => multiple is >= 1 and <= 64), "ch_mult", $"[{string.Join(", ", ChMult)}]", "1 to 12 numbers from 1 to 64");
        problems.Unless(ImageSize is >= 4 and <= 4096 && levels is >= 1 and <= 12 && ImageSize % (1 << (levels - 1)) == 0,
            "image_size", ImageSize, $"4 to 4096, divisible by 2 for each of the {levels} - 1 steps down that ch_mult asks for");
        problems.Unless(GroupsFit(), "nf", Nf, $"such that GroupNorm's min(channels / 4, 32) groups divide the channels, with ch_mult [{string.Join(", ", ChMult)}]; multiples of 32 always do");
        problems.Unless(Dropout is >= 0 and < 1, "dropout", Dropout, "0 to below 1");
        problems.Unless(FirKernel.Length is >= 2 and <= 16 && FirKernel.Length % 2 == 0 && FirKernel.Sum() > 0, "fir_kernel", $"[{string.Join(", ", FirKernel)}]", "an even number of taps, 2 to 16, with a positive sum");
        problems.Unless(Fir || ProgressiveInput != ProgressiveInput.Residual, "progressive_input", "residual", "residual only with fir: true");
        problems.Unless(ResblockType != ResblockType.Ddpm || !Fir, "fir", Fir, "false with resblock_type: ddpm");
        problems.Unless(SigmaMin > 0 && SigmaMax > SigmaMin, "sigma_min", SigmaMin, $"above 0 and below sigma_max, here {SigmaMax}");
        problems.Unless(NumScales >= 1000, "num_scales", NumScales, "1000 or more, one for each value of the scaled time");
        Only(problems, "normalization", Normalization, "GroupNorm");
        Only(problems, "nonlinearity", Nonlinearity, "swish");
        Only(problems, "attention_type", AttentionType, "ddpm");
        Only(problems, "progressive_combine", ProgressiveCombine, "sum");
        Only(problems, "resamp_with_conv", ResampWithConv, true);
        Only(problems, "conditional", Conditional, true);
        Only(problems, "conv_size", ConvSize, 3);
        problems.ThrowIfAny();
    }

    private static void Only<T>(Problems problems, string field, T given, T allowed) =>
        problems.Unless(Equals(given, allowed), field, given, $"{allowed}, as in all published networks");

    /// <summary>On the way up, blocks take the sum of two channel counts.</summary>
    private bool GroupsFit()
    {
        int[] single = [Nf, .. Channels];
        var all = single.Concat(single.SelectMany(_ => single, (a, b) => a + b));
        return all.All(channels => channels >= 4 && channels % NcsnppLayers.Groups(channels) == 0);
    }
}

/// <summary>Whose residual blocks: those of BigGAN, which also resample, or those of DDPM.</summary>
[JsonConverter(typeof(WordConverter<ResblockType>))]
internal enum ResblockType
{
    Biggan,
    Ddpm,
}

[JsonConverter(typeof(WordConverter<Progressive>))]
internal enum Progressive
{
    /// <summary>The last feature map gives the output.</summary>
    None,

    /// <summary>Every resolution adds to the output of the one below it, made larger.</summary>
    OutputSkip,
}

[JsonConverter(typeof(WordConverter<ProgressiveInput>))]
internal enum ProgressiveInput
{
    /// <summary>The image enters at its own resolution only.</summary>
    None,

    /// <summary>The smaller image, through a 1x1 convolution, is added to the feature map.</summary>
    InputSkip,

    /// <summary>The smaller image and the feature map become one, which is handed on in place of both.</summary>
    Residual,
}

/// <summary>How the time enters the condition vector.</summary>
[JsonConverter(typeof(WordConverter<EmbeddingType>))]
internal enum EmbeddingType
{
    /// <summary>Fixed frequencies in geometric order.</summary>
    Positional,

    /// <summary>Random frequencies of the logarithm of time.</summary>
    Fourier,
}
