namespace LznPipeline.Shared.Recipes;

/// <summary>The type that networks are computed in while they train. Weights, losses and the latent flow are float32 or wider in any case.</summary>
public enum Precision
{
#pragma warning disable CA1720 // the names are those of the types, as users write them
    Float32,
#pragma warning restore CA1720

    /// <summary>The range of float32 with 8 bits of precision.</summary>
    Bfloat16,

    /// <summary>11 bits of precision in a small range, for which the loss is scaled.</summary>
    Float16,
}
