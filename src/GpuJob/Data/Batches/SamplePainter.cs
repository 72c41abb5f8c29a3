using LznPipeline.GpuJob.Data.Augmentation;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Reading;

namespace LznPipeline.GpuJob.Data.Batches;

/// <summary>Reads pictures and paints their views into batches, on one thread.</summary>
internal sealed class SamplePainter(PictureSet pictures, BadImages bad)
{
    private readonly PictureDecoder _decoder = new(pictures.Recipe.ExifOrientation is true);
    private readonly ViewPainter _painter = new();

    /// <summary>Paints all views of a picture. In the place of one that cannot be used comes the next that can.</summary>
    /// <param name="draw">Draws a view of a picture, by its width, its height and the view's number.</param>
    internal void Paint(int number, Func<int, int, int, View> draw, BatchBuffer buffer, int position)
    {
        while (true)
        {
            try
            {
                Paint(number, draw, position, buffer);
                buffer.Label(position) = pictures.LabelOf(number);
                return;
            }
            catch (BadImageException broken)
            {
                bad.Add(pictures, number, broken);
            }

            number = (number + 1) % pictures.Count;
        }
    }

    private void Paint(int number, Func<int, int, int, View> draw, int position, BatchBuffer buffer)
    {
        var (width, height) = pictures.Measure(number);
        var views = new View[buffer.Views];
        for (var view = 0; view < views.Length; view++)
            views[view] = draw(width, height, view);
        var picture = pictures.Read(number, views.Min(view => view.Window.Reduction), _decoder);
        for (var view = 0; view < views.Length; view++)
            _painter.Paint(picture, views[view], buffer.Size, buffer.Image(view, position));
    }
}
