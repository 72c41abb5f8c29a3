using System.IO.Compression;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A zip. Nothing is ever unpacked to a path that the zip names.</summary>
internal sealed class ZipContainer : FileContainer
{
    private readonly FilePart _file;
    private readonly ZipArchive _zip;
    private readonly Lock _oneReader = new();       // the archive has one position in its file

    /// <param name="file">Disposed with this.</param>
    /// <param name="called">Names the zip in messages.</param>
    /// <exception cref="BadInputException">It is damaged.</exception>
    internal ZipContainer(FilePart file, string called)
    {
        try
        {
            (_file, _zip) = (file, new ZipArchive(new FilePartStream(file)));
        }
        catch (InvalidDataException broken)
        {
            throw new BadInputException($"{called} is not a whole zip archive: {broken.Message}", broken);
        }
    }

    internal override IEnumerable<SourceFile> List(string prefix) => _zip.Entries
        .Select((entry, place) => new SourceFile(prefix + entry.FullName.Replace('\\', '/'), entry.Length, this, place))
        .Where(file => !file.Path.EndsWith('/'));

    internal override byte[] Read(SourceFile file)
    {
        lock (_oneReader)
        {
            try
            {
                var bytes = new byte[file.Length];
                using var content = _zip.Entries[(int)file.Place].Open();
                content.ReadExactly(bytes);
                return bytes;
            }
            catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or IOException)
            {
                throw new BadImageException($"the archive is damaged there: {broken.Message}");
            }
        }
    }

    /// <remarks>A compressed file can be read only from its beginning, so it is first brought to a file of its own. Nothing else is read meanwhile: archives are opened one by one, before any image.</remarks>
    internal override Task<FilePart> PartAsync(SourceFile file) => FilePart.TemporaryAsync(async target =>
    {
        await using var content = await _zip.Entries[(int)file.Place].OpenAsync();
        await content.CopyToAsync(target);
    });

    public override void Dispose()
    {
        _zip.Dispose();
        _file.Dispose();
    }
}
