using System.Formats.Tar;
using System.IO.Compression;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A tar. Nothing is ever unpacked to a path that the tar names.</summary>
/// <param name="tar">Disposed with this.</param>
/// <param name="called">Names the tar in messages.</param>
internal sealed class TarContainer(FilePart tar, string called) : FileContainer
{
    private const int BlockBytes = 512;

    private int _links;

    internal override int Links => _links;

    internal override IEnumerable<SourceFile> List(string prefix)
    {
        var files = new List<SourceFile>();
        _links = 0;
        try
        {
            using var reader = new TarReader(new FilePartStream(tar));
            while (reader.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    files.Add(new SourceFile(prefix + Plain(entry.Name), entry.Length, this, entry.DataOffset));
                else if (entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                    _links++;
            }

            if (tar.Length < BlockBytes || tar.Bytes(tar.Length - BlockBytes, BlockBytes).ContainsAnyExcept((byte)0))
                throw new InvalidDataException("it ends without the empty block that ends every archive, so it is cut.");
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException or OverflowException)
        {
            throw new BadInputException($"{called} is not a whole tar archive: {broken.Message}", broken);
        }

        return files;
    }

    internal override byte[] Read(SourceFile file)
    {
        try
        {
            return tar.Bytes(file.Place, file.Length);
        }
        catch (EndOfStreamException)
        {
            throw new BadImageException("the archive ends in the middle of it");
        }
    }

    internal override Task<FilePart> PartAsync(SourceFile file) => Task.FromResult(tar.Within(file.Place, file.Length));

    public override void Dispose() => tar.Dispose();

    /// <summary>Without the dot that tar puts before names.</summary>
    private static string Plain(string name) => string.Join('/', name.Split('/').Where(part => part is not ("" or ".")));
}

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

    /// <remarks>
    /// A compressed file can be read only from its beginning, so it is first brought to a file of its own.
    /// Nothing else is read meanwhile: archives are opened one by one, before any image.
    /// </remarks>
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
