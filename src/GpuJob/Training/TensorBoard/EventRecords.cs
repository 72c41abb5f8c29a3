using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using LznPipeline.GpuJob.Data.Pictures;
using Tensorboard;
using TorchSharp.Utils;

namespace LznPipeline.GpuJob.Training.TensorBoard;

/// <summary>What an attempt tells TensorBoard, as records of its event file, and yet to be appended to it. Messages and checksum are TorchSharp's.</summary>
/// <remarks>
/// <para>
/// A record is the length of a message (uint64), the length's checksum, the message, the message's checksum; all little-endian. The first record names the
/// version, and the second says that a session starts at a step: whatever earlier files tell of that step and later ones was lost, and is shown no more.
/// </para>
/// <para>
/// TorchSharp's <c>SummaryWriter</c> cannot say the second, so a resumed job would show the steps after its checkpoint twice. It also writes to local files
/// only, named by itself, and takes pictures as tensors or files alone.
/// </para>
/// </remarks>
internal sealed class EventRecords
{
    private const string Version = "brain.Event:2";
    private const int Rgb = 3;

    private readonly ArrayBufferWriter<byte> _waiting = new();
    private readonly TimeProvider _clock;

    /// <param name="firstStep">Whose curves come first.</param>
    internal EventRecords(long firstStep, TimeProvider clock)
    {
        _clock = clock;
        Append(new Event { FileVersion = Version });
        Append(new Event { Step = firstStep, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });
    }

    internal void Add(long step, IEnumerable<(string Tag, double Value)> scalars) =>
        Append(step, scalars.Select(scalar => new Summary.Types.Value { Tag = scalar.Tag, SimpleValue = (float)scalar.Value }));

    internal void Add(long step, string tag, ReadOnlySpan<byte> png)
    {
        var (width, height) = PictureDecoder.Measure(png);
        var image = new Summary.Types.Image { Height = height, Width = width, Colorspace = Rgb, EncodedImageString = ByteString.CopyFrom(png) };
        Append(step, [new Summary.Types.Value { Tag = tag, Image = image }]);
    }

    /// <summary>The records since the last call.</summary>
    internal byte[] Take()
    {
        var records = _waiting.WrittenSpan.ToArray();
        _waiting.ResetWrittenCount();
        return records;
    }

    private void Append(long step, IEnumerable<Summary.Types.Value> values)
    {
        var summary = new Summary();
        summary.Value.AddRange(values);
        Append(new Event { Step = step, Summary = summary });
    }

    private void Append(Event told)
    {
        told.WallTime = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        var message = told.ToByteArray();
        BinaryPrimitives.WriteInt64LittleEndian(_waiting.GetSpan(sizeof(long)), message.Length);
        _waiting.Advance(sizeof(long));
        AppendMasked(CRC32C.process(message.LongLength));
        _waiting.Write(message);
        AppendMasked(CRC32C.process(message));
    }

    /// <summary>Turned and shifted, as the format wants it, so that the checksum of data with checksums in it is none of these.</summary>
    private void AppendMasked(uint checksum)
    {
        const uint Shift = 0xa282ead8;
        BinaryPrimitives.WriteUInt32LittleEndian(_waiting.GetSpan(sizeof(uint)), BitOperations.RotateRight(checksum, 15) + Shift);
        _waiting.Advance(sizeof(uint));
    }
}
