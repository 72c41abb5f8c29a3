namespace LznPipeline.Shared.Recipes;

/// <summary>What a model is trained for; each is a case study of the paper (docs/method.md, section 3).</summary>
public enum Objective
{
    /// <summary>Case 1: images are drawn from the latent space, without labels.</summary>
    Generation,

    /// <summary>Case 2: two views of an image share a zone, so that its anchor describes it. There is no decoder.</summary>
    Representation,

    /// <summary>Case 3: images are drawn for a label, and labels are read from images.</summary>
    Joint,
}
