using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Sources;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>All files of a source, whatever it is: a folder, an archive, or archives within either, which are folders here.</summary>
internal sealed partial class SourceTree : IDisposable
{
    internal const string Kinds = "a folder, a tar (also .gz, .bz2, .xz, .zst), zip, 7z, rar or parquet file";

    /// <summary>Archives in archives in archives: as deep as ImageNet is.</summary>
    private const int MaxNested = 3;

    private static readonly string[] Archives = [".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".zip", ".7z", ".rar"];

    /// <summary>What stands in a name for bytes that are no text: two such names may look the same.</summary>
    private const char NotUtf8 = '\uFFFD';

    private readonly List<FileContainer> _containers = [];
    private readonly string _address;
    private readonly ArtifactStore? _store;

    private SourceTree(string address, ArtifactStore? store) => (_address, _store) = (address, store);

    /// <summary>In the order of their paths.</summary>
    internal IReadOnlyList<SourceFile> Files { get; private set; } = [];

    /// <summary>What the request or the command calls it.</summary>
    internal string Address => _address;

    /// <summary>How messages begin that are about all of it.</summary>
    internal string Called => CalledSo(_address);

    /// <summary>Links in it, which are not followed.</summary>
    internal int Links => _containers.Sum(container => container.Links);

    /// <param name="store">What has the blobs that a request may name; null on a command line, which has paths alone.</param>
    /// <exception cref="BadInputException">There is nothing there, or it is damaged.</exception>
    internal static async Task<SourceTree> OpenAsync(string address, ArtifactStore? store, CancellationToken stop)
    {
        var tree = new SourceTree(address, store);
        try
        {
            var root = Directory.Exists(address)
                ? new FolderContainer(address)
                : await tree.ArchiveAsync(await tree.FileAsync(stop), address, Path.GetFileName(address), stop);
            tree.Files =
                [.. (await tree.ListAsync(root, prefix: "", MaxNested, stop))
                    .Where(file => !IsHidden(file.Path))
                    .OrderBy(file => file.Path, StringComparer.Ordinal)];
            if (tree.Files.FirstOrDefault(file => file.Path[..^file.Name.Length].Contains(NotUtf8, StringComparison.Ordinal)) is { } unnamed)
            {
                throw new BadInputException($"{tree.Called} has a folder whose name is not UTF-8, so that classes could be confused: "
                    + $"that of '{unnamed.Path}'. Name it in UTF-8.");
            }

            if (tree.Files.Zip(tree.Files.Skip(1)).FirstOrDefault(pair => pair.First.Path == pair.Second.Path).First is { } twice)
                throw new BadInputException($"{tree.Called} has two files of the name '{twice.Path}'. Remove one, or give each a name of its own.");
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <summary>Keeps a container as long as the source.</summary>
    internal void Keep(FileContainer container) => _containers.Add(container);

    public void Dispose()
    {
        foreach (var container in Enumerable.Reverse(_containers))      // those within others first
            container.Dispose();
    }

    /// <summary>A request has the source in a field, on some other machine.</summary>
    private string CalledSo(string address) => _store is null ? $"'{address}'" : $"dataset.source '{address}'";

    /// <summary>An archive is read out of order, so one from storage is first brought here.</summary>
    private async Task<FilePart> FileAsync(CancellationToken stop)
    {
        try
        {
            return FilePart.Of(await TemporaryFile.HoldingAsync(await SourceAddress.OpenReadAsync(_address, _store, stop), stop));
        }
        catch (InvalidDataException empty)
        {
            throw new BadInputException(empty.Message, empty);
        }
        catch (FileNotFoundException missing)
        {
            throw new BadInputException(
                _store is null ? $"'{_address}' is not there. Allowed: an image, {Kinds}."
                : SourceAddress.BlobOf(_address) is not null ? $"{Called} is not in the container. Upload it, or correct the name."
                : $"{Called} is not there, on the machine that prepares the data. Allowed: {Kinds}, or blob:NAME of such a file in the container.",
                missing);
        }
    }

    /// <summary>Opens a file as what its first bytes say.</summary>
    /// <param name="name">Of the file, for one that holds no others.</param>
    private async Task<FileContainer> ArchiveAsync(FilePart file, string address, string name, CancellationToken stop)
    {
        var begin = file.Bytes(0, Math.Min(file.Length, Compression.BeginBytes));
        if (Compression.Of(begin) is { } compression)
        {
            using (file)
                return new TarContainer(await compression.UnpackAsync(file, CalledSo(address), stop), CalledSo(address));
        }

        return begin switch
        {
            [(byte)'P', (byte)'K', 3 or 5, ..] => new ZipContainer(file, CalledSo(address)),
            [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] or [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] =>
                await UnpackedArchive.OpenAsync(file, CalledSo(address), stop),
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => new SingleFile(file, Path.ChangeExtension(name, ".parquet")),
            _ when SourceImage.IsNamedSo(name) => new SingleFile(file, name),
            _ => new TarContainer(file, CalledSo(address)),
        };
    }

    /// <summary>The files of a container. Archives in it are opened if there is nothing else: beside unpacked images they are what these came from.</summary>
    private async Task<List<SourceFile>> ListAsync(FileContainer container, string prefix, int nested, CancellationToken stop)
    {
        Keep(container);
        var files = container.List(prefix).ToList();
        if (nested == 0 || files.Any(IsContent))
            return files;
        var all = files.Where(file => !file.EndsWith(Archives)).ToList();
        foreach (var archive in files.Where(file => file.EndsWith(Archives)))
        {
            stop.ThrowIfCancellationRequested();
            var inner = await ArchiveAsync(await container.PartAsync(archive), $"{_address}/{archive.Path}", archive.Name, stop);
            all.AddRange(await ListAsync(inner, $"{WithoutEnding(archive.Path)}/", nested - 1, stop));
        }

        return all;
    }

    private static bool IsHidden(string path) => path.Split('/').Any(part => FileContainer.IsHidden(part));

    /// <summary>
    /// Whether a file is an image, or one of CIFAR's: archives beside it are what it came from.
    /// Parquet beside archives may as well be a table of what they hold.
    /// </summary>
    private static bool IsContent(SourceFile file) => SourceImage.IsNamedSo(file) || CifarName().IsMatch(file.Name);

    [GeneratedRegex(@"^(?:(?:data_batch_\d+|test_batch|train|test)(?:\.bin)?|batches\.meta(?:\.txt)?|meta)$", RegexOptions.CultureInvariant)]
    private static partial Regex CifarName();

    private static string WithoutEnding(string path) => path[..^Archives.First(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)).Length];
}
