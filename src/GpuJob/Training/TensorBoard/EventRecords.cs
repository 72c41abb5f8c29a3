using System.Buffers;
using System.Buffers.Binary;
using LznPipeline.GpuJob.Data.Pictures;

namespace LznPipeline.GpuJob.Training.TensorBoard;

/// <summary>What an attempt tells TensorBoard, as records of its event file, and yet to be appended to it.</summary>
/// <remarks>
/// A record is the length of a message (uint64), the length's checksum, the message, the message's checksum; all little-endian. A message is an Event of TensorFlow:
/// <code>
/// Event   { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }
/// Summary { repeated Value value = 1; }    Value { string tag = 1; float simple_value = 2; Image image = 4; }
/// Image   { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4; }    SessionLog { SessionStatus status = 1; }
/// </code>
/// The first record names the version, and the second says that a session starts at a step: whatever earlier files tell of that step and later ones was lost, and is shown no more.
/// </remarks>
internal sealed class EventRecords
{
    private const string Version = "brain.Event:2";
    private const long SessionStart = 1;
    private const long Rgb = 3;

    private readonly ArrayBufferWriter<byte> _waiting = new();
    private readonly TimeProvider _clock;

    /// <param name="firstStep">Whose curves come first.</param>
    internal EventRecords(long firstStep, TimeProvider clock)
    {
        _clock = clock;
        Append(NewEvent(0).With(3, Version));
        Append(NewEvent(firstStep).With(7, new ProtobufMessage().With(1, SessionStart)));
    }

    internal void Add(long step, IEnumerable<(string Tag, double Value)> scalars)
    {
        var summary = new ProtobufMessage();
        foreach (var (tag, value) in scalars)
            summary.With(1, new ProtobufMessage().With(1, tag).With(2, (float)value));
        Append(NewEvent(step).With(5, summary));
    }

    internal void Add(long step, string tag, ReadOnlySpan<byte> png)
    {
        var (width, height) = PictureDecoder.Measure(png);
        var image = new ProtobufMessage().With(1, (long)height).With(2, (long)width).With(3, Rgb).With(4, png);
        Append(NewEvent(step).With(5, new ProtobufMessage().With(1, new ProtobufMessage().With(1, tag).With(4, image))));
    }

    /// <summary>The records since the last call.</summary>
    internal byte[] Take()
    {
        var records = _waiting.WrittenSpan.ToArray();
        _waiting.ResetWrittenCount();
        return records;
    }

    private ProtobufMessage NewEvent(long step) => new ProtobufMessage().With(1, (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds).With(2, step);

    private void Append(ProtobufMessage message)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteInt64LittleEndian(length, message.Bytes.Length);
        _waiting.Write(length);
        AppendChecksum(length);
        _waiting.Write(message.Bytes);
        AppendChecksum(message.Bytes);
    }

    private void AppendChecksum(ReadOnlySpan<byte> data)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_waiting.GetSpan(sizeof(uint)), MaskedCrc32C.Of(data));
        _waiting.Advance(sizeof(uint));
    }
}
