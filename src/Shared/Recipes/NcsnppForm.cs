using System.Text.Json;
using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>
/// The form of an NCSN++ network, whatever the size of its images. Names and defaults are those of the published configurations (there in snake_case).
/// </summary>
public record NcsnppForm
{
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

    /// <summary>Groups of a GroupNorm over so many channels.</summary>
    public static int Groups(int channels) => Math.Min(channels / 4, 32);

    /// <param name="name">The path under which the author of a form knows a property.</param>
    /// <param name="imageSize">Height and width of images in pixels.</param>
    public void Validate(Problems problems, Func<string, string> name, int imageSize)
    {
        var levels = ChMult.Length;
        problems.Unless(Nf is >= 4 and <= 4096, name(nameof(Nf)), Nf, "4 to 4096");
        problems.Unless(NumResBlocks is >= 1 and <= 64, name(nameof(NumResBlocks)), NumResBlocks, "1 to 64");
        problems.Unless(levels is >= 1 and <= 12 && ChMult.All(multiple => multiple is >= 1 and <= 64), name(nameof(ChMult)), new JsonText(ChMult),
            "1 to 12 numbers from 1 to 64");
        problems.Unless(levels is < 1 or > 12 || imageSize % (1 << (levels - 1)) == 0, name(nameof(ChMult)), new JsonText(ChMult),
            $"so many resolutions that the image's size, here {imageSize}, can be halved from each to the next");
        problems.Unless(GroupsFit(), name(nameof(Nf)), Nf,
            "such that GroupNorm's min(channels / 4, 32) groups divide the channels, "
            + $"with the multiples [{string.Join(", ", ChMult)}]; multiples of 32 always do");
        problems.Unless(Dropout is >= 0 and < 1, name(nameof(Dropout)), Dropout, "0 to below 1");
        problems.Unless(InitScale is >= 0 and <= 100, name(nameof(InitScale)), InitScale, "0 to 100");
        problems.Unless(FirKernel.Length is >= 2 and <= 16 && FirKernel.Length % 2 == 0 && FirKernel.Sum() > 0,
            name(nameof(FirKernel)), new JsonText(FirKernel), "an even number of taps, 2 to 16, with a positive sum");
        problems.Unless(Fir || ProgressiveInput != ProgressiveInput.Residual, name(nameof(ProgressiveInput)), "residual",
            $"residual only with {name(nameof(Fir))}: true");
        problems.Unless(ResblockType != ResblockType.Ddpm || !Fir, name(nameof(Fir)), Fir, $"false with {name(nameof(ResblockType))}: ddpm");
        problems.Unless(SigmaMin > 0 && SigmaMax > SigmaMin, name(nameof(SigmaMin)), SigmaMin, $"above 0 and below {name(nameof(SigmaMax))}, here {SigmaMax}");
        problems.Unless(NumScales >= 1000, name(nameof(NumScales)), NumScales, "1000 or more, one for each value of the scaled time");
    }

    /// <summary>Names of properties as they stand in a section of a recipe.</summary>
    internal static Func<string, string> At(string section) => property => $"{section}.{JsonNamingPolicy.CamelCase.ConvertName(property)}";

    /// <summary>On the way up, blocks take the sum of two channel counts.</summary>
    private bool GroupsFit()
    {
        int[] single = [Nf, .. ChMult.Select(multiple => multiple * Nf)];
        var all = single.Concat(single.SelectMany(_ => single, (a, b) => a + b));
        return all.All(channels => channels >= 4 && channels % Groups(channels) == 0);
    }
}

/// <summary>Whose residual blocks: those of BigGAN, which also resample, or those of DDPM.</summary>
public enum ResblockType
{
    Biggan,
    Ddpm,
}

public enum Progressive
{
    /// <summary>The last feature map gives the output.</summary>
    None,

    /// <summary>Every resolution adds to the output of the one below it, made larger.</summary>
    OutputSkip,
}

public enum ProgressiveInput
{
    /// <summary>The image enters at its own resolution only.</summary>
    None,

    /// <summary>The smaller image, through a 1x1 convolution, is added to the feature map.</summary>
    InputSkip,

    /// <summary>The smaller image and the feature map become one, which is handed on in place of both.</summary>
    Residual,
}

/// <summary>How the time enters the condition vector.</summary>
public enum EmbeddingType
{
    /// <summary>Fixed frequencies in geometric order.</summary>
    Positional,

    /// <summary>Random frequencies of the logarithm of time.</summary>
    Fourier,
}
