using System.Buffers.Binary;
using System.Text;

namespace GradGuard.Monitor.Build.Tests;

/// <summary>
/// Writes small ELF64 shared libraries: one load segment over the whole file at <see cref="Base"/>, a dynamic segment, and the
/// tables of GNU symbol versioning. Just what the dynamic loader would read; no sections, no code.
/// </summary>
internal sealed class CraftedLibrary
{
    /// <summary>File offset 0 is loaded here, so that addresses and offsets cannot be mixed up unnoticed.</summary>
    public const ulong Base = 0x10000;

    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;

    private readonly List<(string Library, string[] Versions)> _needs = [];
    private readonly List<string> _definitions = [];
    private readonly List<int> _relocatedVersions = [];
    private readonly HashSet<string> _weak = [];

    public ushort Machine { get; init; } = 62;

    public bool RelocateThroughPlt { get; init; }

    public CraftedLibrary Needing(string library, params string[] versions)
    {
        _needs.Add((library, versions));
        return this;
    }

    public CraftedLibrary Weakly(string version)
    {
        _weak.Add(version);
        return this;
    }

    public CraftedLibrary Defining(params string[] versions)
    {
        _definitions.AddRange(versions);
        return this;
    }

    /// <summary>Adds a relocation whose symbol is of this version.</summary>
    public CraftedLibrary Relocating(string version)
    {
        _relocatedVersions.Add(IndexOf(version));
        return this;
    }

    /// <summary>Version indices count from 2 (0 and 1 are reserved), in the order of <see cref="Needing"/>.</summary>
    public int IndexOf(string version) => 2 + Array.IndexOf(_needs.SelectMany(n => n.Versions).ToArray(), version);

    public byte[] ToBytes()
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        var needs = Needs(strings);
        var definitions = Definitions(strings);
        var relocations = Relocations();
        var symbolVersions = SymbolVersions();
        byte[][] tables = [strings.ToArray(), needs, definitions, relocations, symbolVersions];

        var offset = HeaderSize + (2 * ProgramHeaderSize);
        var addresses = new List<ulong>();
        foreach (var table in tables)
        {
            addresses.Add(Base + (ulong)offset);
            offset += (table.Length + 7) / 8 * 8;
        }

        var dynamic = Dynamic(addresses, needs.Length, definitions.Length, relocations.Length);
        var bytes = new byte[offset + dynamic.Length];
        WriteHeaders(bytes, offset, dynamic.Length);
        for (var i = 0; i < tables.Length; i++)
            tables[i].CopyTo(bytes, (int)(addresses[i] - Base));
        dynamic.CopyTo(bytes, offset);
        return bytes;
    }

    private byte[] Dynamic(List<ulong> addresses, int needs, int definitions, int relocations)
    {
        List<(ulong Tag, ulong Value)> entries = [(5, addresses[0])];
        if (needs > 0)
            entries.AddRange([(0x6FFFFFFE, addresses[1]), (0x6FFFFFFF, (ulong)_needs.Count)]);
        if (definitions > 0)
            entries.AddRange([(0x6FFFFFFC, addresses[2]), (0x6FFFFFFD, (ulong)_definitions.Count)]);
        if (relocations > 0)
        {
            entries.AddRange(RelocateThroughPlt
                ? [(23, addresses[3]), (2, (ulong)relocations)]
                : [(7, addresses[3]), (8, (ulong)relocations)]);
        }

        entries.AddRange([(0x6FFFFFF0, addresses[4]), (0, 0)]);
        return Bytes(entries.SelectMany(e => U64(e.Tag).Concat(U64(e.Value))));
    }

    private byte[] Needs(Stream strings)
    {
        var bytes = new List<byte>();
        ushort index = 2;
        for (var i = 0; i < _needs.Count; i++)
        {
            var (library, versions) = _needs[i];
            var last = i == _needs.Count - 1;
            bytes.AddRange([.. U16(1), .. U16((ushort)versions.Length), .. U32(Name(strings, library)), .. U32(16)]);
            bytes.AddRange(U32(last ? 0 : 16 + (16 * (uint)versions.Length)));
            for (var j = 0; j < versions.Length; j++)
            {
                var flags = (ushort)(_weak.Contains(versions[j]) ? 2 : 0);
                bytes.AddRange([.. U32(0), .. U16(flags), .. U16(index++), .. U32(Name(strings, versions[j]))]);
                bytes.AddRange(U32(j == versions.Length - 1 ? 0u : 16));
            }
        }

        return Bytes(bytes);
    }

    private byte[] Definitions(Stream strings) => Bytes(_definitions.SelectMany((version, i) => (IEnumerable<byte>)[
        .. U16(1), .. U16(0), .. U16((ushort)(i + 1)), .. U16(1), .. U32(0), .. U32(20), .. U32(i == _definitions.Count - 1 ? 0u : 28),
        .. U32(Name(strings, version)), .. U32(0)]));

    /// <summary>Symbol 0 is the reserved one, symbol 1 is of version 1 (global), symbol k+2 belongs to relocation k.</summary>
    private byte[] Relocations() =>
        Bytes(_relocatedVersions.SelectMany((_, i) => (IEnumerable<byte>)[.. U64(0), .. U64(((ulong)i + 2) << 32 | 6), .. U64(0)]));

    private byte[] SymbolVersions() =>
        Bytes(new[] { 0, 1 }.Concat(_relocatedVersions).SelectMany(version => U16((ushort)version)));

    private void WriteHeaders(byte[] bytes, int dynamicOffset, int dynamicSize)
    {
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(bytes, 0);
        byte[] rest = [
            .. U16(3), .. U16(Machine), .. U32(1), .. U64(0), .. U64(HeaderSize), .. U64(0), .. U32(0),
            .. U16(HeaderSize), .. U16(ProgramHeaderSize), .. U16(2), .. U16(0), .. U16(0), .. U16(0)];
        rest.CopyTo(bytes, 16);
        Segment(1, 0, bytes.Length).CopyTo(bytes, HeaderSize);
        Segment(2, dynamicOffset, dynamicSize).CopyTo(bytes, HeaderSize + ProgramHeaderSize);
    }

    private static byte[] Segment(uint type, int offset, int size) => [
        .. U32(type), .. U32(4), .. U64((ulong)offset), .. U64(Base + (ulong)offset), .. U64(Base + (ulong)offset),
        .. U64((ulong)size), .. U64((ulong)size), .. U64(8)];

    private static uint Name(Stream strings, string name)
    {
        var offset = (uint)strings.Length;
        strings.Write(Encoding.UTF8.GetBytes(name + "\0"));
        return offset;
    }

    private static byte[] Bytes(IEnumerable<byte> bytes) => [.. bytes];

    private static byte[] U16(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] U32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] U64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
