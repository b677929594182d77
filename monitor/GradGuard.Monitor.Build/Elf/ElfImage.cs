using System.Text;

namespace GradGuard.Monitor.Build.Elf;

/// <summary>
/// What the dynamic loader sees of a little-endian ELF64 shared library: its load segments and its dynamic table.
/// Section headers are not read, since the loader does not read them either and a stripped library may have none.
/// Layouts and constants are those of the System V ABI, chapters 4 and 5.
/// </summary>
internal sealed class ElfImage
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int DynamicEntrySize = 16;
    private const uint SegmentLoad = 1;
    private const uint SegmentDynamic = 2;
    private const ulong TagNull = 0;

    private readonly List<(ulong Address, ulong Offset, ulong Size)> _segments = [];
    private readonly Dictionary<ulong, ulong> _dynamic = [];

    private ElfImage(byte[] bytes) => Bytes = bytes;

    /// <summary>The file, as read.</summary>
    public byte[] Bytes { get; }

    /// <summary>The processor the library is for (<c>e_machine</c>; 62 is x86-64).</summary>
    public ushort Machine => U16(18, "the machine");

    /// <summary>Reads the headers of <paramref name="bytes"/>.</summary>
    /// <exception cref="InvalidDataException">Not an ELF64 little-endian shared library, or cut short; the message says what is wrong.</exception>
    public static ElfImage Parse(byte[] bytes)
    {
        if (bytes.Length < 4 || bytes[0] != 0x7F || bytes[1] != 'E' || bytes[2] != 'L' || bytes[3] != 'F')
            throw new InvalidDataException("it is not an ELF file (no ELF magic at its start)");
        if (bytes.Length < HeaderSize)
            throw new InvalidDataException($"its ELF header is cut short ({bytes.Length} of {HeaderSize} bytes)");
        if (bytes[4] != 2)
            throw new InvalidDataException($"it is not a 64-bit ELF file (class {bytes[4]}, 2 expected)");
        if (bytes[5] != 1)
            throw new InvalidDataException($"it is not a little-endian ELF file (data encoding {bytes[5]}, 1 expected)");

        var image = new ElfImage(bytes);
        image.ReadSegments();
        return image;
    }

    /// <summary>The value of a tag in the dynamic table, or null where the table lacks it.</summary>
    public ulong? Dynamic(ulong tag) => _dynamic.TryGetValue(tag, out var value) ? value : null;

    /// <summary>Where in the file the byte loaded at <paramref name="address"/> lies.</summary>
    public long OffsetOf(ulong address, string what)
    {
        foreach (var (start, offset, size) in _segments)
        {
            if (address >= start && address - start < size)
                return (long)(offset + (address - start));
        }

        throw new InvalidDataException($"the address 0x{address:x} of {what} lies in no load segment");
    }

    /// <summary>A 16-bit number at a file offset; <paramref name="what"/> names it should it lie outside of the file.</summary>
    public ushort U16(long offset, string what)
    {
        Require(offset, 2, what);
        return (ushort)(Bytes[offset] | (Bytes[offset + 1] << 8));
    }

    /// <summary>A 32-bit number at a file offset; <paramref name="what"/> names it should it lie outside of the file.</summary>
    public uint U32(long offset, string what)
    {
        Require(offset, 4, what);
        return (uint)(Bytes[offset] | (Bytes[offset + 1] << 8) | (Bytes[offset + 2] << 16) | (Bytes[offset + 3] << 24));
    }

    /// <summary>A 64-bit number at a file offset; <paramref name="what"/> names it should it lie outside of the file.</summary>
    public ulong U64(long offset, string what) => U32(offset, what) | ((ulong)U32(offset + 4, what) << 32);

    /// <summary>The zero-terminated string at a file offset.</summary>
    public string Text(long offset, string what)
    {
        Require(offset, 1, what);
        var end = Array.IndexOf(Bytes, (byte)0, (int)offset);
        if (end < 0)
            throw new InvalidDataException($"{what} at offset 0x{offset:x} runs past the end of the file");
        return Encoding.UTF8.GetString(Bytes, (int)offset, end - (int)offset);
    }

    private void ReadSegments()
    {
        var table = (long)U64(32, "the program header offset");
        var entrySize = U16(54, "the program header size");
        var count = U16(56, "the program header count");
        if (count > 0 && entrySize < ProgramHeaderSize)
            throw new InvalidDataException($"its program headers have {entrySize} bytes each, {ProgramHeaderSize} expected");

        (long Offset, long Size)? dynamic = null;
        for (var i = 0; i < count; i++)
        {
            var header = table + ((long)i * entrySize);
            Require(header, ProgramHeaderSize, $"program header {i}");
            var offset = U64(header + 8, "a segment's offset");
            var size = U64(header + 32, "a segment's size");
            switch (U32(header, "a segment's type"))
            {
                case SegmentLoad:
                    _segments.Add((U64(header + 16, "a segment's address"), offset, size));
                    break;
                case SegmentDynamic:
                    dynamic = ((long)offset, (long)size);
                    break;
            }
        }

        if (dynamic is not { } found)
            throw new InvalidDataException("it has no dynamic segment, so it is not a shared library");
        ReadDynamicTable(found.Offset, found.Size);
    }

    private void ReadDynamicTable(long offset, long size)
    {
        Require(offset, size, "the dynamic table");
        for (var entry = offset; entry + DynamicEntrySize <= offset + size; entry += DynamicEntrySize)
        {
            var tag = U64(entry, "a dynamic tag");
            if (tag == TagNull)
                return;
            _dynamic[tag] = U64(entry + 8, "a dynamic value");
        }
    }

    private void Require(long offset, long size, string what)
    {
        if (offset < 0 || size < 0 || offset > Bytes.Length || size > Bytes.Length - offset)
            throw new InvalidDataException($"{what} at offset 0x{offset:x} lies outside of the file ({Bytes.Length} bytes)");
    }
}
