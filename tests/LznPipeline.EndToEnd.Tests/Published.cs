using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Parquet;

namespace LznPipeline.EndToEnd.Tests;

/// <summary>Published embeddings, read back.</summary>
internal static class Published
{
    /// <summary>The manifest, after every part was found to have the bytes that it promises, with nothing beside them.</summary>
    internal static async Task<EmbeddingManifest> ManifestAsync(ArtifactStore store, EmbeddingsRef embeddings)
    {
        var manifest = await store.ReadJsonAsync<EmbeddingManifest>($"{embeddings.Folder}/{BlobLayout.EmbeddingManifest}", default);
        foreach (var part in manifest.Parts)
        {
            await using var content = await store.OpenReadAsync($"{embeddings.Folder}/{part.File.Name}", default);
            Assert.Equal(part.File.Sha256, await ContentHash.Sha256Async(content, default));
        }

        var files = await store.ListAsync(embeddings.Folder + "/", default).Where(name => name.EndsWith(".parquet", StringComparison.Ordinal)).ToListAsync();
        Assert.Equal(manifest.Parts.Select(part => $"{embeddings.Folder}/{part.File.Name}").Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        Assert.NotNull(await store.LengthAsync($"{embeddings.Folder}/{BlobLayout.EmbeddingSuccess}", default));
        return manifest;
    }

    /// <summary>Every row of every part: the image's id and its vector.</summary>
    internal static async Task<List<(string Id, float[] Vector)>> RowsAsync(ArtifactStore store, EmbeddingsRef embeddings)
    {
        var rows = new List<(string, float[])>();
        foreach (var part in (await ManifestAsync(store, embeddings)).Parts)
        {
            var found = await store.FindAsync($"{embeddings.Folder}/{part.File.Name}", default);
            await using var reader = await ParquetReader.CreateAsync(found!.Content.ToStream());     // the manifest's parts were just found
            for (var group = 0; group < reader.RowGroupCount; group++)
                rows.AddRange(await RowsAsync(reader, group, embeddings.Dimension));
        }

        return rows;
    }

    private static async Task<IEnumerable<(string Id, float[] Vector)>> RowsAsync(ParquetReader reader, int index, int dimension)
    {
        using var group = reader.OpenRowGroupReader(index);
        var count = checked((int)group.RowCount);
        var ids = new string?[count];
        await group.ReadAsync(reader.Schema.FindDataField("id"), ids);
        var (values, definitions, repetitions) = (new float[count * dimension], new int[count * dimension], new int[count * dimension]);
        await group.ReadRawAsync<float>(reader.Schema.DataFields[^1], values, definitions, repetitions);
        return ids.Select((id, row) => (id!, values[(row * dimension)..((row + 1) * dimension)]));      // the column has no nulls
    }
}
