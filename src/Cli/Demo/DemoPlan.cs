using LznPipeline.Cli.Hosting;
using LznPipeline.Cli.Pictures;
using LznPipeline.Shared.Requests;

namespace LznPipeline.Cli.Demo;

/// <summary>What the demo trains on.</summary>
internal static class DemoPlan
{
    private const int PicturesPerClass = 500;
    private const int PictureSeed = 1;

    /// <summary>
    /// A course of the default preset that takes two or three minutes, for a look at every step; the preset's own takes a quarter of an hour.
    /// </summary>
    internal static IReadOnlyList<string> ShortCourse { get; } = ["training.iterations=600", "training.decoderBatchSize=32", "training.emaDecay=0.995"];

    /// <summary>The drawn pictures, made if they are not there.</summary>
    internal static DatasetRequest OwnPictures(int? maxImages)
    {
        var folder = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.State, "demo")).FullName, $"pictures-{PicturesPerClass}-{PictureSeed}");
        PictureSet.Make(folder, PicturesPerClass, PictureSeed);
        return new DatasetRequest { Name = "shapes", Source = folder, MaxImages = maxImages };
    }
}
