using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;
using SharpCompress.Archives;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A file in which others lie as they are. Nothing is ever unpacked to a path that an archive names.</summary>
/// <param name="content">Where they lie; a file's place is its first byte. Disposed with this.</param>
internal abstract class StoredFiles(FilePart content) : FileContainer
{
    internal override byte[] Read(SourceFile file)
    {
        try
        {
            return content.Bytes(file.Place, file.Length);
        }
        catch (EndOfStreamException)
        {
            throw new BadImageException("the archive ends in the middle of it");
        }
    }

    internal override Task<FilePart> PartAsync(SourceFile file) => Task.FromResult(content.Within(file.Place, file.Length));

    public override void Dispose() => content.Dispose();

    /// <summary>With single forward slashes, and without the dot that tar puts before names.</summary>
    internal static string Plain(string name) => string.Join('/', name.Split('/').Where(part => part is not ("" or ".")));
}

/// <summary>A tar, or several of them one behind the other, as <c>cat</c> puts them together.</summary>
/// <param name="tar">Disposed with this.</param>
/// <param name="called">Names the tar in messages.</param>
internal sealed class TarContainer(FilePart tar, string called) : StoredFiles(tar)
{
    private const int BlockBytes = 512;

    private readonly FilePart _tar = tar;
    private int _links;

    internal override int Links => _links;

    internal override IEnumerable<SourceFile> List(string prefix)
    {
        var files = new List<SourceFile>();
        _links = 0;
        try
        {
            if (_tar.Length < BlockBytes || !IsEmpty(0) && !HasItsChecksum(0))
                throw new BadInputException($"{called} is no folder and no file of images. Allowed: {SourceTree.Kinds}.");
            if (!IsEmpty(_tar.Length - BlockBytes))
                throw new InvalidDataException("it ends without the empty block that ends every archive, so it is cut.");
            using var stream = new FilePartStream(_tar);
            while (stream.Position < stream.Length)
            {
                files.AddRange(ListOne(stream, prefix));
                while (stream.Position < stream.Length && IsEmpty(stream.Position))     // a reader stops at the first end; another archive may follow
                    stream.Position += BlockBytes;
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            throw new BadInputException($"{called} is not a whole tar archive: {broken.Message}", broken);
        }
        catch (Exception odd) when (odd is FormatException or NotSupportedException or OverflowException or ArgumentException)
        {
            throw new BadInputException($"{called} is a tar archive that cannot be read: {odd.Message} Pack it anew, without --sparse and --xattrs.", odd);
        }

        return files;
    }

    private IEnumerable<SourceFile> ListOne(FilePartStream stream, string prefix)
    {
        using var reader = new TarReader(stream, leaveOpen: true);
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)
            {
                if (!HasItsChecksum(entry.DataOffset - BlockBytes))
                    throw new InvalidDataException($"the header of '{entry.Name}' is damaged.");
                yield return new SourceFile(prefix + Plain(entry.Name), entry.Length, this, entry.DataOffset);
            }
            else if (entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                _links++;
        }
    }

    /// <summary>Whether a header's sum of bytes is the one that it says; some programs took bytes as signed. The reader does not look.</summary>
    private bool HasItsChecksum(long header)
    {
        const int At = 148;
        const int Length = 8;
        var block = _tar.Bytes(header, BlockBytes);
        var digits = Encoding.ASCII.GetString(block, At, Length).Trim('\0', ' ');
        block.AsSpan(At, Length).Fill((byte)' ');
        return digits.Length > 0 && digits.All(char.IsAsciiDigit) && Convert.ToInt64(digits, 8) is var told
            && (told == block.Sum(each => each) || told == block.Sum(each => (sbyte)each));
    }

    private bool IsEmpty(long block) => !_tar.Bytes(block, Math.Min(BlockBytes, _tar.Length - block)).ContainsAnyExcept((byte)0);
}

/// <summary>
/// An archive that is quick only from its beginning to its end, such as 7z and rar: its files are unpacked into one temporary file, without their names.
/// </summary>
/// <param name="content">Disposed with this.</param>
internal sealed class UnpackedArchive(FilePart content, IReadOnlyList<(string Name, long Offset, long Length)> files) : StoredFiles(content)
{
    /// <param name="archive">Disposed here.</param>
    /// <param name="called">Names it in messages.</param>
    /// <exception cref="BadInputException">It is damaged or encrypted.</exception>
    internal static async Task<UnpackedArchive> OpenAsync(FilePart archive, string called, CancellationToken stop)
    {
        using var packed = archive;
        var files = new List<(string, long, long)>();
        var content = await FilePart.UnpackedAsync(called, packed.Length, async target =>
        {
            foreach (var (name, part) in Entries(packed, called))
            {
                var offset = target.Position;
                await using (part)
                    await part.CopyToAsync(target, stop);
                files.Add((Plain(name.Replace('\\', '/')), offset, target.Position - offset));
            }
        });
        return new UnpackedArchive(content, files);
    }

    internal override IEnumerable<SourceFile> List(string prefix) => files.Select(file => new SourceFile(prefix + file.Name, file.Length, this, file.Offset));

    private static IEnumerable<(string Name, Stream Content)> Entries(FilePart archive, string called)
    {
        using var reader = Damage.Named(called, "archive", () => ArchiveFactory.OpenArchive(new FilePartStream(archive)).ExtractAllEntries());
        while (Damage.Named(called, "archive", reader.MoveToNextEntry))
        {
            if (reader.Entry is { IsDirectory: false, Key: { } name })
                yield return (name, CheckedStream.Open(reader.OpenEntryStream, called, "archive"));
        }
    }
}

/// <summary>A zip. Nothing is ever unpacked to a path that the zip names.</summary>
internal sealed class ZipContainer : FileContainer
{
    /// <summary>The part of a Unix mode, in the upper half of an entry's attributes, that tells what it is; and a link.</summary>
    private const int KindMask = 0xF000;
    private const int Link = 0xA000;

    private readonly FilePart _file;
    private readonly ZipArchive _zip;
    private readonly string _called;
    private readonly Lock _oneReader = new();       // the archive has one position in its file

    /// <param name="file">Disposed with this.</param>
    /// <param name="called">Names the zip in messages.</param>
    /// <exception cref="BadInputException">It is damaged or encrypted.</exception>
    internal ZipContainer(FilePart file, string called)
    {
        try
        {
            (_file, _zip, _called) = (file, new ZipArchive(new FilePartStream(file)), called);
            if (_zip.Entries.FirstOrDefault(entry => entry.IsEncrypted) is { } locked)
                throw new BadInputException($"{called} is encrypted: '{locked.FullName}' needs a password. Unpack it, and name the folder.");
            var told = _zip.Entries.Sum(entry => (decimal)entry.Length);        // an entry may say more than numbers hold together
            UnpackedContent.Check(called, file.Length, (long)Math.Min(long.MaxValue, told));
        }
        catch (InvalidDataException broken)
        {
            throw new BadInputException($"{called} is not a whole zip archive: {broken.Message}", broken);
        }
    }

    internal override int Links => _zip.Entries.Count(IsLink);

    internal override IEnumerable<SourceFile> List(string prefix) => _zip.Entries
        .Select((entry, place) => (
            Entry: entry, File: new SourceFile(prefix + StoredFiles.Plain(entry.FullName.Replace('\\', '/')), entry.Length, this, place)))
        .Where(each => each.Entry.Name.Length > 0 && !IsLink(each.Entry))
        .Select(each => each.File);

    /// <exception cref="BadImageException">It is damaged, or compressed in a way that is not read.</exception>
    internal override byte[] Read(SourceFile file)
    {
        lock (_oneReader)
        {
            var (entry, bytes) = (_zip.Entries[(int)file.Place], new byte[file.Length]);
            try
            {
                using var content = entry.Open();
                content.ReadExactly(bytes);
            }
            catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or IOException or NotSupportedException)
            {
                throw new BadImageException($"it cannot be unpacked: {broken.Message.TrimEnd('.')}");
            }

            return Crc32.HashToUInt32(bytes) == entry.Crc32 ? bytes : throw new BadImageException("the archive is damaged there: its checksum is another");
        }
    }

    /// <remarks>
    /// A compressed file can be read only from its beginning, so it is first brought to a file of its own. Nothing else is read meanwhile: archives are opened
    /// one by one, before any image.
    /// </remarks>
    internal override Task<FilePart> PartAsync(SourceFile file) => FilePart.UnpackedAsync($"'{file.Path}' of {_called}", _file.Length, async target =>
    {
        var entry = _zip.Entries[(int)file.Place];
        await using var content = CheckedStream.Open(entry.Open, $"'{entry.FullName}' of {_called}", "file");
        await content.CopyToAsync(target);
    });

    public override void Dispose()
    {
        _zip.Dispose();
        _file.Dispose();
    }

    private static bool IsLink(ZipArchiveEntry entry) => ((entry.ExternalAttributes >> 16) & KindMask) == Link;
}
