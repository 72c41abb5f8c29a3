using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data.Reading;

/// <summary>Pictures that are read from their shards and decoded each time: for sets that memory cannot hold.</summary>
/// <param name="index">Disposed with this.</param>
internal sealed class ShardPictures(ShardIndex index, ImageRecipe recipe) : PictureSet(recipe)
{
    internal override int Count => index.Count;

    internal override long LabelOf(int number) => index[number].Label;

    internal override string PathOf(int number) => index.PathOf(number);

    internal override (int Width, int Height) Measure(int number) => index[number] is { Width: > 0 } entry
        ? (entry.Width, entry.Height)
        : throw new BadImageException("it is no image, or its header is damaged");

    internal override Picture Read(int number, int reduction, PictureDecoder decoder)
    {
        ref readonly var entry = ref index[number];
        var file = decoder.Room(entry.Image.Length);
        index.Read(entry.Shard, entry.Image, file);
        return decoder.Decode(file, reduction);
    }

    public override void Dispose() => index.Dispose();
}
