using System.Buffers.Binary;
using System.Text;
using LznPipeline.GpuJob.Tensors;
using static LznPipeline.GpuJob.Pickle.PickleOpcode;

namespace LznPipeline.GpuJob.Pickle;

/// <summary>Writes values as the pickle (protocol 2) of a checkpoint, with no instruction that <c>torch.load(weights_only=True)</c> would refuse.</summary>
/// <remarks>Values are those that <see cref="PickleReader"/> makes, and <see cref="TensorSource"/> for a tensor.</remarks>
internal sealed class PickleWriter(Stream to)
{
    private const byte Protocol = 2;

    /// <summary>The tensors written, in order: the k-th is in storage k.</summary>
    internal List<TensorSource> Tensors { get; } = [];

    internal void Write(object? root)
    {
        Put(Proto, [Protocol]);
        Value(root);
        Put(Stop);
    }

    private void Value(object? value)
    {
        switch (value)
        {
            case null: Put(None); break;
            case bool flag: Put(flag ? NewTrue : NewFalse); break;
            case long whole: Number(whole); break;
            case double number: Fraction(number); break;
            case string text: Text(text); break;
            case TensorSource tensor: Tensor(tensor); break;
            case object?[] tuple: Group(tuple, PickleOpcode.Tuple); break;
            case List<object?> list: Put(EmptyList); Group(list, Appends); break;
            case OrderedDictionary<object, object?> dictionary:
                Put(EmptyDict);
                Group(dictionary.SelectMany(entry => new[] { entry.Key, entry.Value }), SetItems);
                break;
            default: throw new NotSupportedException($"A checkpoint holds no {value.GetType()}.");
        }
    }

    private void Number(long whole)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, whole);
        if (whole is >= int.MinValue and <= int.MaxValue)
            Put(BinInt, bytes[..sizeof(int)]);
        else
            Put(Long1, [sizeof(long), .. bytes]);
    }

    private void Fraction(double number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
        Put(BinFloat, bytes);
    }

    private void Text(string text)
    {
        var letters = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, letters.Length);
        Put(BinUnicode, length);
        to.Write(letters);
    }

    /// <summary>Items between a mark and the instruction that takes them.</summary>
    private void Group(IEnumerable<object?> items, PickleOpcode end)
    {
        Put(Mark);
        foreach (var item in items)
            Value(item);
        Put(end);
    }

    private void Tensor(TensorSource tensor)
    {
        Name(PickleGlobal.RebuildTensor);
        Put(Mark);
        Storage(tensor);
        Number(0);                                                                  // the first element of its storage
        Value(tensor.Shape.Select(extent => (object?)extent).ToArray());
        Value(Strides(tensor.Shape));
        Value(false);                                                               // no gradient
        Name(PickleGlobal.OrderedDict);                                             // no hooks
        Put(EmptyTuple);
        Put(Reduce);
        Put(PickleOpcode.Tuple);
        Put(Reduce);
    }

    private void Storage(TensorSource tensor)
    {
        Put(Mark);
        Value("storage");
        Name(PickleGlobal.Storage(tensor.Type));
        Value($"{Tensors.Count}");
        Value("cpu");
        Number(tensor.Count);
        Put(PickleOpcode.Tuple);
        Put(BinPersId);
        Tensors.Add(tensor);
    }

    private void Name(PickleGlobal global) => Put(Global, Encoding.ASCII.GetBytes($"{global.Module}\n{global.Name}\n"));

    private void Put(PickleOpcode opcode, params ReadOnlySpan<byte> argument)
    {
        to.WriteByte((byte)opcode);
        to.Write(argument);
    }

    /// <summary>Of a contiguous tensor.</summary>
    private static object?[] Strides(long[] shape)
    {
        var (strides, stride) = (new object?[shape.Length], 1L);
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            strides[dimension] = stride;
            stride *= Math.Max(shape[dimension], 1);
        }

        return strides;
    }
}
