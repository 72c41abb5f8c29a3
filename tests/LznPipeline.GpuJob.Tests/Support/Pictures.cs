using LznPipeline.GpuJob.Data.Pictures;

namespace LznPipeline.GpuJob.Tests.Support;

/// <summary>Small pictures with known pixels.</summary>
internal static class Pictures
{
    /// <summary>16 x 16, left half (200, 40, 40), right half (30, 60, 210); quality 95 without chroma subsampling, made with libjpeg-turbo.</summary>
    internal static readonly byte[] Jpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUK"
        + "BwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAQABADAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL"
        + "/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1"
        + "dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQF"
        + "BgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm"
        + "Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD5fr8TP9QD"
        + "y+v9rD/FM9Qr/FM/2sPL6/2sP8Uz/9k=");

    /// <summary>Stripes: across for label 0, down for label 1, a chessboard for label 2; colours and place by the number.</summary>
    internal static byte[] Stripes(int label, int number, int size = 8)
    {
        var random = new Random(number * 3 + label);
        var (dark, bright, shift) = (random.Next(0, 90), random.Next(160, 255), random.Next(4));
        var picture = Picture.Blank(size, size);
        for (var y = 0; y < size; y++)
        for (var x = 0; x < size; x++)
        {
            var lit = label switch { 0 => (y + shift) / 2 % 2 == 0, 1 => (x + shift) / 2 % 2 == 0, _ => ((x + shift) / 2 + (y + shift) / 2) % 2 == 0 };
            picture.Pixels.AsSpan((y * size + x) * 3, 3).Fill((byte)(lit ? bright : dark));
        }

        return Png.Encode(picture);
    }
}
