namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A file that holds no others.</summary>
/// <param name="file">Disposed with this.</param>
internal sealed class SingleFile(FilePart file, string name) : FileContainer
{
    internal override IEnumerable<SourceFile> List(string prefix) => [new SourceFile(prefix + name, file.Length, this, 0)];

    internal override byte[] Read(SourceFile single) => file.Bytes(0, file.Length);

    internal override Task<FilePart> PartAsync(SourceFile single) => Task.FromResult(file.Within(0, file.Length));

    public override void Dispose() => file.Dispose();
}
