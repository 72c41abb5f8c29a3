using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data.Reading;

/// <summary>Pictures that are held in memory, decoded.</summary>
/// <param name="pictures">Null for those that cannot be used.</param>
/// <param name="paths">Where each came from.</param>
internal sealed class HeldPictures(ImageRecipe recipe, IReadOnlyList<Picture?> pictures, IReadOnlyList<long> labels, IReadOnlyList<string> paths) : PictureSet(recipe)
{
    internal override int Count => pictures.Count;

    internal override long LabelOf(int number) => labels[number];

    internal override string PathOf(int number) => paths[number];

    internal override (int Width, int Height) Measure(int number) => (Held(number).Width, Held(number).Height);

    internal override Picture Read(int number, int reduction, PictureDecoder decoder) => Held(number);

    public override void Dispose()
    {
    }

    private Picture Held(int number) => pictures[number] ?? throw new BadImageException("it could not be decoded");
}
