namespace Parquet.Meta.Proto;

/// <summary>
/// The layout of a struct: one line for each member, ids ascending, from which both reading and writing follow. A getter that gives null leaves the member out;
/// a required one that is missing from the data is an error.
/// </summary>
internal sealed class ThriftStruct<T> where T : class, new()
{
    private readonly List<Member> _members = [];
    private ulong _required;

    private delegate void ReadMember(T target, ref ThriftReader reader, ThriftType type);

    private delegate void WriteMember(T source, ThriftWriter writer, short id, ref short last);

    internal ThriftStruct<T> Bool(short id, Func<T, bool?> get, Action<T, bool> set, bool required = false) => Add(
        id, required, [ThriftType.True, ThriftType.False],
        (T target, ref ThriftReader _, ThriftType type) => set(target, type == ThriftType.True),
        (T source, ThriftWriter writer, short member, ref short last) =>
        {
            if (get(source) is not { } value) return;
            writer.WriteFieldHeader(value ? ThriftType.True : ThriftType.False, member, ref last);
        });

    internal ThriftStruct<T> Int8(short id, Func<T, sbyte?> get, Action<T, sbyte> set, bool required = false) => Value(
        id, required, ThriftType.Byte, get, set, static (ref ThriftReader reader) => (sbyte)reader.ReadByte(), static (writer, value) => writer.WriteByte((byte)value));

    internal ThriftStruct<T> Int16(short id, Func<T, short?> get, Action<T, short> set) => Value(
        id, false, ThriftType.Int16, get, set, static (ref ThriftReader reader) => (short)reader.ReadZigZag(), static (writer, value) => writer.WriteZigZag(value));

    internal ThriftStruct<T> Int32(short id, Func<T, int?> get, Action<T, int> set, bool required = false) => Value(
        id, required, ThriftType.Int32, get, set, static (ref ThriftReader reader) => reader.ReadInt32(), static (writer, value) => writer.WriteZigZag(value));

    internal ThriftStruct<T> Int64(short id, Func<T, long?> get, Action<T, long> set, bool required = false) => Value(
        id, required, ThriftType.Int64, get, set, static (ref ThriftReader reader) => reader.ReadZigZag(), static (writer, value) => writer.WriteZigZag(value));

    internal ThriftStruct<T> Binary(short id, Func<T, byte[]?> get, Action<T, byte[]> set) => Reference(
        id, false, ThriftType.Binary, get, set, static (ref ThriftReader reader) => reader.ReadBinary().ToArray(), static (writer, value) => writer.WriteBinary(value));

    internal ThriftStruct<T> Text(short id, Func<T, string?> get, Action<T, string> set, bool required = false) => Reference(
        id, required, ThriftType.Binary, get, set, static (ref ThriftReader reader) => reader.ReadText(), static (writer, value) => writer.WriteText(value));

    internal ThriftStruct<T> Struct<TInner>(short id, ThriftStruct<TInner> layout, Func<T, TInner?> get, Action<T, TInner> set, bool required = false) where TInner : class, new() =>
        Reference(id, required, ThriftType.Struct, get, set, layout.Read, layout.Write);

    internal ThriftStruct<T> Structs<TInner>(short id, ThriftStruct<TInner> layout, Func<T, List<TInner>?> get, Action<T, List<TInner>> set, bool required = false)
        where TInner : class, new() => List(id, required, ThriftType.Struct, get, set, layout.Read, layout.Write);

    internal ThriftStruct<T> Texts(short id, Func<T, List<string>?> get, Action<T, List<string>> set) => List(
        id, true, ThriftType.Binary, get, set, static (ref ThriftReader reader) => reader.ReadText(), static (writer, value) => writer.WriteText(value));

    internal ThriftStruct<T> Enums<TEnum>(short id, Func<T, List<TEnum>?> get, Action<T, List<TEnum>> set, Func<int, TEnum> cast, Func<TEnum, int> number) where TEnum : struct, Enum => List(
        id, true, ThriftType.Int32, get, set, (ref ThriftReader reader) => cast(reader.ReadInt32()), (writer, value) => writer.WriteZigZag(number(value)));

    internal T Read(ref ThriftReader reader)
    {
        var target = new T();
        var seen = 0ul;
        short id = 0;
        while (reader.ReadFieldHeader(ref id) is var type and not ThriftType.Stop)
        {
            if (Find(id) is not { } member)
            {
                reader.Skip(type);
                continue;
            }
            if (!member.Types.Contains(type)) throw new ThriftProtocolException($"{typeof(T).Name}: member {id} has type {type}, expected {member.Types[0]}.");
            member.Read(target, ref reader, type);
            seen |= 1ul << id;
        }
        if ((seen & _required) != _required) throw new ThriftProtocolException($"{typeof(T).Name}: a required member is missing (needed 0x{_required:x}, there are 0x{seen:x}).");
        return target;
    }

    internal void Write(ThriftWriter writer, T source)
    {
        short last = 0;
        foreach (var member in _members) member.Write(source, writer, member.Id, ref last);
        writer.WriteStop();
    }

    private Member? Find(short id)
    {
        foreach (var member in _members)
            if (member.Id == id) return member;
        return null;
    }

    private ThriftStruct<T> Value<TValue>(
        short id, bool required, ThriftType type, Func<T, TValue?> get, Action<T, TValue> set, ReadValue<TValue> read, Action<ThriftWriter, TValue> write) where TValue : struct => Add(
        id, required, [type],
        (T target, ref ThriftReader reader, ThriftType _) => set(target, read(ref reader)),
        (T source, ThriftWriter writer, short member, ref short last) =>
        {
            if (get(source) is not { } value) return;
            writer.WriteFieldHeader(type, member, ref last);
            write(writer, value);
        });

    private ThriftStruct<T> Reference<TValue>(
        short id, bool required, ThriftType type, Func<T, TValue?> get, Action<T, TValue> set, ReadValue<TValue> read, Action<ThriftWriter, TValue> write) where TValue : class => Add(
        id, required, [type],
        (T target, ref ThriftReader reader, ThriftType _) => set(target, read(ref reader)),
        (T source, ThriftWriter writer, short member, ref short last) =>
        {
            if (get(source) is not { } value) return;
            writer.WriteFieldHeader(type, member, ref last);
            write(writer, value);
        });

    private ThriftStruct<T> List<TItem>(
        short id, bool required, ThriftType type, Func<T, List<TItem>?> get, Action<T, List<TItem>> set, ReadValue<TItem> read, Action<ThriftWriter, TItem> write) =>
        Reference(
            id, required, ThriftType.List, get, set,
            (ref ThriftReader reader) =>
            {
                var (found, count) = reader.ReadListHeader();
                if (found != type && count > 0) throw new ThriftProtocolException($"{typeof(T).Name}: member {id} lists {found}, expected {type}.");
                var items = new List<TItem>();
                for (var i = 0; i < count; i++) items.Add(read(ref reader));
                return items;
            },
            (writer, items) =>
            {
                writer.WriteListHeader(type, items.Count);
                foreach (var item in items) write(writer, item);
            });

    private ThriftStruct<T> Add(short id, bool required, ThriftType[] types, ReadMember read, WriteMember write)
    {
        _members.Add(new Member(id, types, read, write));
        if (required) _required |= 1ul << id;
        return this;
    }

    private delegate TValue ReadValue<out TValue>(ref ThriftReader reader);

    private sealed record Member(short Id, ThriftType[] Types, ReadMember Read, WriteMember Write);
}
