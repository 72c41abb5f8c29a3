using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using static LznPipeline.GpuJob.Pickle.PickleOpcode;

namespace LznPipeline.GpuJob.Pickle;

/// <summary>Reads a pickle: a stack machine that knows no instruction by which code could run.</summary>
/// <remarks>
/// Python's own reader imports and calls whatever a pickle names. This one makes <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>,
/// <see cref="string"/>, null, <c>List&lt;object?&gt;</c>, <c>object?[]</c> for a tuple, <c>OrderedDictionary&lt;object, object?&gt;</c> and what its
/// <see cref="IPickleObjects"/> know, and refuses every other name. Python's bytes become text of as many letters.
/// </remarks>
internal sealed class PickleReader
{
    /// <summary>
    /// A checkpoint of a thousand parameters has a hundred thousand. The bound keeps a small file from making more objects than fit into memory.
    /// </summary>
    private const int MaxInstructions = 2_000_000;

    private const int NewestProtocol = 5;

    private readonly byte[] _pickle;
    private readonly IPickleObjects _objects;
    private readonly Dictionary<long, object?> _memo = [];
    private readonly Stack<int> _marks = [];
    private readonly List<object?> _stack = [];
    private int _position;

    private PickleReader(byte[] pickle, IPickleObjects objects) => (_pickle, _objects) = (pickle, objects);

    /// <exception cref="InvalidDataException">The pickle is cut, damaged, or asks for something that is not known. The message has no file name.</exception>
    internal static object? Read(byte[] pickle, IPickleObjects objects)
    {
        var reader = new PickleReader(pickle, objects);
        var begin = 0;
        try
        {
            for (var instruction = 0; instruction < MaxInstructions; instruction++)
            {
                begin = reader._position;
                var opcode = (PickleOpcode)reader.Next();
                if (opcode == Stop)
                    return reader.Result();
                reader.Run(opcode);
            }
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"Byte {begin} of its pickle: {wrong.Message}", wrong);
        }

        throw new InvalidDataException($"Its pickle has more than {MaxInstructions} instructions.");
    }

    private void Run(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case Proto: CheckProtocol(); break;
            case Frame: Skip(sizeof(long)); break;                  // only a hint for reading ahead
            case Mark: _marks.Push(_stack.Count); break;
            case None: Push(null); break;
            case NewTrue: Push(true); break;
            case NewFalse: Push(false); break;
            case BinInt: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)))); break;
            case BinInt1: Push((long)Next()); break;
            case BinInt2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)))); break;
            case Long1: Push(Long(Take(Next()))); break;
            case BinFloat: Push(BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)))); break;
            case BinUnicode: Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint))))); break;
            case ShortBinUnicode: Push(Text(Next())); break;
            case BinString or BinBytes when _objects.HasBytes: Push(Bytes(BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint))))); break;
            case ShortBinString or ShortBinBytes when _objects.HasBytes: Push(Bytes(Next())); break;
            case EmptyTuple: Push(Array.Empty<object?>()); break;
            case Tuple1: Push(PopLast(1)); break;
            case Tuple2: Push(PopLast(2)); break;
            case Tuple3: Push(PopLast(3)); break;
            case PickleOpcode.Tuple: Push(PopToMark()); break;
            case EmptyList: Push(new List<object?>()); break;
            case Append: AddTo(PopLast(1)); break;
            case Appends: AddTo(PopToMark()); break;
            case EmptyDict: Push(new OrderedDictionary<object, object?>()); break;
            case SetItem: SetIn(PopLast(2)); break;
            case SetItems: SetIn(PopToMark()); break;
            case BinPut: _memo[Next()] = Peek(); break;
            case LongBinPut: _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)))] = Peek(); break;
            case Memoize: _memo[_memo.Count] = Peek(); break;
            case BinGet: Push(Remembered(Next())); break;
            case LongBinGet: Push(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint))))); break;
            case Global: Push(Named(Line(), Line())); break;
            case StackGlobal: Push(StackNamed()); break;
            case BinPersId: Push(_objects.Find(Pop())); break;
            case Reduce: Push(Call(PopLast(2))); break;
            case Build: SetAttributes(Pop()); break;
            case Inst: throw Refused($"makes an object of '{Line()}.{Line()}'");
            case Obj or NewObj or NewObjEx: throw Refused($"has the instruction {opcode}, which makes objects of any class");
            default: throw Refused($"has the instruction 0x{(byte)opcode:x2}");
        }
    }

    private object? Result() =>
        _marks.Count == 0 && _stack.Count == 1 ? _stack[0] : throw new InvalidDataException($"it ends with {_stack.Count} values in place of one.");

    private void CheckProtocol()
    {
        if (Next() is var protocol && protocol > NewestProtocol)
            throw new InvalidDataException($"it has protocol {protocol}; known are those up to {NewestProtocol}.");
    }

    private PickleGlobal Named(string module, string name) => _objects.Find(module, name) ?? throw Refused($"names '{module}.{name}'");

    private PickleGlobal StackNamed() => PopLast(2) is [string module, string name] ? Named(module, name) : throw Refused("names something by what is no text");

    private object? Call(object?[] callee) => callee is [PickleGlobal global, object?[] arguments]
        ? _objects.Make(global, arguments)
        : throw Refused($"calls {Kind(callee[0])}");

    private void SetAttributes(object? attributes)
    {
        if (!_objects.TrySetState(Peek(), attributes))
            throw Refused($"sets the state of {Kind(Peek())}");
    }

    private void AddTo(object?[] items)
    {
        if (Peek() is not List<object?> list)
            throw new InvalidDataException($"it appends to {Kind(Peek())}, which is no list.");
        list.AddRange(items);
    }

    private void SetIn(object?[] pairs)
    {
        if (Peek() is not OrderedDictionary<object, object?> dictionary || pairs.Length % 2 != 0)
            throw new InvalidDataException($"it sets {pairs.Length} keys and values in {Kind(Peek())}.");
        foreach (var pair in pairs.Chunk(2))
        {
            if (pair[0] is not (string or long))
                throw new InvalidDataException($"a dictionary's key is {Kind(pair[0])}. Allowed: text and whole numbers.");
            dictionary[pair[0]!] = pair[1];     // checked just above
        }
    }

    private object? Remembered(long index) =>
        _memo.TryGetValue(index, out var value) ? value : throw new InvalidDataException($"it recalls item {index}, which it has not stored.");

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw Empty();

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopLast(int count)
    {
        if (_stack.Count - count < Floor)
            throw Empty();
        return PopFrom(_stack.Count - count);
    }

    private object?[] PopToMark() => _marks.TryPop(out var mark) ? PopFrom(mark) : throw new InvalidDataException("it ends a group that it has not begun.");

    private object?[] PopFrom(int start)
    {
        var items = _stack.GetRange(start, _stack.Count - start).ToArray();
        _stack.RemoveRange(start, items.Length);
        return items;
    }

    /// <summary>What lies below the last mark is out of reach.</summary>
    private int Floor => _marks.TryPeek(out var mark) ? mark : 0;

    private byte Next() => Take(1)[0];

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count > _pickle.Length - _position)
            throw new InvalidDataException($"it is cut: {count} more bytes are needed, {_pickle.Length - _position} are there.");
        var bytes = _pickle.AsSpan(_position, (int)count);
        _position += bytes.Length;
        return bytes;
    }

    private void Skip(long count) => Take(count);

    private string Text(long length) => Encoding.UTF8.GetString(Take(length));

    private string Bytes(long length) => Encoding.Latin1.GetString(Take(length));

    private string Line()
    {
        var length = _pickle.AsSpan(_position).IndexOf((byte)'\n');
        if (length < 0)
            throw new InvalidDataException("it is cut within a name.");
        var line = Text(length);
        Skip(1);
        return line;
    }

    private static long Long(ReadOnlySpan<byte> littleEndian) => littleEndian.Length <= sizeof(long)
        ? (long)new BigInteger(littleEndian)
        : throw new InvalidDataException($"a whole number has {littleEndian.Length} bytes; allowed are {sizeof(long)}.");

    private static string Kind(object? value) => value switch
    {
        null => "nothing",
        PickleGlobal global => $"'{global}'",
        List<object?> => "a list",
        object?[] => "a tuple",
        OrderedDictionary<object, object?> => "a dictionary",
        _ => $"a {value.GetType().Name}",
    };

    private static InvalidDataException Empty() => new("it takes more from its stack than lies there.");

    private InvalidDataException Refused(string what) =>
        new($"it {what}. {_objects.Needs}, so nothing of it was run or read. Allowed names: {_objects.AllowedNames}.");
}

/// <summary>The instructions of Python's pickle that a file is read or written with, and those that are known only to be refused by name.</summary>
internal enum PickleOpcode : byte
{
    Mark = (byte)'(',
    Stop = (byte)'.',
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    BinInt2 = (byte)'M',
    None = (byte)'N',
    BinPersId = (byte)'Q',
    Reduce = (byte)'R',
    BinString = (byte)'T',
    ShortBinString = (byte)'U',
    BinUnicode = (byte)'X',
    BinBytes = (byte)'B',
    ShortBinBytes = (byte)'C',
    Append = (byte)'a',
    Build = (byte)'b',
    Global = (byte)'c',
    EmptyDict = (byte)'}',
    Appends = (byte)'e',
    BinGet = (byte)'h',
    Inst = (byte)'i',
    LongBinGet = (byte)'j',
    EmptyList = (byte)']',
    Obj = (byte)'o',
    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
    SetItem = (byte)'s',
    Tuple = (byte)'t',
    EmptyTuple = (byte)')',
    SetItems = (byte)'u',
    BinFloat = (byte)'G',
    Proto = 0x80,
    NewObj = 0x81,
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    NewTrue = 0x88,
    NewFalse = 0x89,
    Long1 = 0x8a,
    ShortBinUnicode = 0x8c,
    NewObjEx = 0x92,
    StackGlobal = 0x93,
    Memoize = 0x94,
    Frame = 0x95,
}
