using System.Security.Cryptography;
using System.Text;

namespace GradGuard.Monitor.Recording;

/// <summary>
/// The state of a monitor between two runs. One method of a class names its fields in order, and the same calls write them and read them
/// back: what is written cannot get out of step with what is read.
/// </summary>
internal sealed class StateArchive
{
    /// <summary>Version of the format, raised with every change of any class's fields.</summary>
    public const int Version = 5;

    private const int LargestCount = 1 << 24;
    private static readonly byte[] Magic = "GGMS"u8.ToArray();
    private readonly BinaryWriter? _writer;
    private readonly BinaryReader? _reader;

    private StateArchive(BinaryWriter? writer, BinaryReader? reader) => (_writer, _reader) = (writer, reader);

    /// <summary>True when fields are read back.</summary>
    public bool IsLoading => _reader is not null;

    /// <summary>Writes a state: mark, version, length, fields, and their SHA-256.</summary>
    public static void Save(Stream stream, Action<StateArchive> fields)
    {
        using var payload = new MemoryStream();
        using (var writer = new BinaryWriter(payload, Encoding.UTF8, leaveOpen: true))
            fields(new StateArchive(writer, null));
        using var file = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        file.Write(Magic);
        file.Write(Version);
        file.Write(payload.Length);
        file.Write(payload.GetBuffer(), 0, (int)payload.Length);
        file.Write(SHA256.HashData(payload.GetBuffer().AsSpan(0, (int)payload.Length)));
    }

    /// <summary>Reads a state back.</summary>
    /// <exception cref="InvalidDataException">It is none, of another version, cut short or damaged; the message says which.</exception>
    public static void Load(Stream stream, Action<StateArchive> fields)
    {
        using var file = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (!file.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
            throw new InvalidDataException("it is no saved state of a monitor");
        try
        {
            var version = file.ReadInt32();
            if (version != Version)
                throw new InvalidDataException($"it is of version {version}, and this GradGuard reads version {Version}");
            var length = file.ReadInt64();
            if (length is < 0 or > int.MaxValue || (stream.CanSeek && length > stream.Length))
                throw new InvalidDataException("it is damaged: its length makes no sense");
            var payload = file.ReadBytes((int)length);
            var sum = file.ReadBytes(SHA256.HashSizeInBytes);
            if (payload.Length != length || sum.Length != SHA256.HashSizeInBytes)
                throw new InvalidDataException("it is cut short");
            if (!SHA256.HashData(payload).AsSpan().SequenceEqual(sum))
                throw new InvalidDataException("it is damaged: its checksum does not match");
            using var reader = new BinaryReader(new MemoryStream(payload));
            fields(new StateArchive(null, reader));
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("it is cut short");
        }
    }

    /// <summary>Writes the value and returns it; when loading, returns the one read.</summary>
    public bool Value(bool value)
    {
        _writer?.Write(value);
        return _reader?.ReadBoolean() ?? value;
    }

    /// <inheritdoc cref="Value(bool)"/>
    public int Value(int value)
    {
        _writer?.Write(value);
        return _reader?.ReadInt32() ?? value;
    }

    /// <inheritdoc cref="Value(bool)"/>
    public long Value(long value)
    {
        _writer?.Write(value);
        return _reader?.ReadInt64() ?? value;
    }

    /// <inheritdoc cref="Value(bool)"/>
    public double Value(double value)
    {
        _writer?.Write(value);
        return _reader?.ReadDouble() ?? value;
    }

    /// <inheritdoc cref="Value(bool)"/>
    public string Value(string value)
    {
        _writer?.Write(value);
        return _reader?.ReadString() ?? value;
    }

    /// <summary>A value that may be missing.</summary>
    public T? Optional<T>(T? value, Func<T, T> element)
        where T : class
        => Value(value is not null) ? element(value!) : null;

    /// <summary>A value that may be missing.</summary>
    public T? Optional<T>(T? value, Func<T, T> element)
        where T : struct
        => Value(value.HasValue) ? element(value.GetValueOrDefault()) : null;

    /// <summary>Items in order, which replace those held when loading.</summary>
    /// <param name="items">What is held.</param>
    /// <param name="clear">Empties it.</param>
    /// <param name="add">Adds one.</param>
    /// <param name="element">One item.</param>
    public void Items<T>(IReadOnlyCollection<T> items, Action clear, Action<T> add, Func<T, T> element)
    {
        var count = Value(items.Count);
        if (!IsLoading)
        {
            foreach (var item in items)
                element(item);
            return;
        }

        if (count is < 0 or > LargestCount)
            throw new InvalidDataException($"it is damaged: a list of {count} items");
        clear();
        for (var index = 0; index < count; index++)
            add(element(default!));
    }

    /// <summary>A list.</summary>
    public void Items<T>(List<T> items, Func<T, T> element) => Items(items, items.Clear, items.Add, element);

    /// <summary>A queue, oldest first.</summary>
    public void Items<T>(Queue<T> items, Func<T, T> element) => Items(items, items.Clear, items.Enqueue, element);

    /// <summary>A set.</summary>
    public void Items<T>(HashSet<T> items, Func<T, T> element) => Items(items, items.Clear, item => items.Add(item), element);

    /// <summary>A dictionary.</summary>
    public void Items<TKey, TValue>(Dictionary<TKey, TValue> items, Func<TKey, TKey> key, Func<TValue, TValue> value)
        where TKey : notnull
        => Items(items, items.Clear, item => items.Add(item.Key, item.Value), item => new(key(item.Key), value(item.Value)));
}
