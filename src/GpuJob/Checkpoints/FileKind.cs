namespace LznPipeline.GpuJob.Checkpoints;

/// <summary>What a file is by its first bytes, whatever it is called.</summary>
internal enum FileKind
{
    Unknown,
    Safetensors,
    Zip,

    /// <summary>What <c>torch.save</c> wrote before PyTorch 1.6: a row of pickles.</summary>
    LegacyTorch,
}

internal static class FileKinds
{
    private const int SafetensorsLengthBytes = 8;

    private static ReadOnlySpan<byte> ZipMark => "PK"u8;

    /// <summary>Protocol 2, then the number 0x1950a86a20f9469cfc6c.</summary>
    private static ReadOnlySpan<byte> LegacyMark => [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    /// <summary>Looks at the beginning of a seekable stream and goes back to it.</summary>
    internal static FileKind Of(Stream file)
    {
        Span<byte> beginning = stackalloc byte[16];
        file.Position = 0;
        beginning = beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        if (beginning.StartsWith(ZipMark))
            return FileKind.Zip;
        if (beginning.StartsWith(LegacyMark))
            return FileKind.LegacyTorch;
        return beginning.Length > SafetensorsLengthBytes && beginning[SafetensorsLengthBytes] == (byte)'{' ? FileKind.Safetensors : FileKind.Unknown;
    }
}
