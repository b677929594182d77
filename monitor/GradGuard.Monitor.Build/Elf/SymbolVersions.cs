namespace GradGuard.Monitor.Build.Elf;

/// <summary>One version that a library wants of another (an <c>Elf64_Vernaux</c> entry).</summary>
/// <param name="Library">The soname it wants the version of, such as <c>libstdc++.so.6</c>.</param>
/// <param name="Version">The version's name, such as <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Index">The number by which symbols refer to it (<c>vna_other</c>).</param>
/// <param name="Flags"><c>vna_flags</c>; <see cref="SymbolVersions.WeakFlag"/> means the loader goes on where the version is missing.</param>
/// <param name="FlagsOffset">Where in the file <c>vna_flags</c> lies.</param>
internal readonly record struct VersionNeed(string Library, string Version, ushort Index, ushort Flags, long FlagsOffset);

/// <summary>
/// GNU symbol versioning (Linux Standard Base Core, "Symbol Versioning"): what a library defines, what it wants of others,
/// and which of that its relocations really use.
/// </summary>
internal static class SymbolVersions
{
    /// <summary><c>VER_FLG_WEAK</c>.</summary>
    public const ushort WeakFlag = 0x2;

    private const ulong TagPltRelSize = 2;
    private const ulong TagStringTable = 5;
    private const ulong TagRela = 7;
    private const ulong TagRelaSize = 8;
    private const ulong TagJmpRel = 23;
    private const ulong TagVersionSymbols = 0x6FFFFFF0;
    private const ulong TagVersionDefinitions = 0x6FFFFFFC;
    private const ulong TagVersionDefinitionCount = 0x6FFFFFFD;
    private const ulong TagVersionNeeds = 0x6FFFFFFE;
    private const ulong TagVersionNeedCount = 0x6FFFFFFF;
    private const int RelaSize = 24;
    private const ushort VersionIndexMask = 0x7FFF;

    /// <summary>Every version the library wants of others; empty where it has no such table.</summary>
    public static IReadOnlyList<VersionNeed> Needs(ElfImage image)
    {
        var needs = new List<VersionNeed>();
        if (image.Dynamic(TagVersionNeeds) is not { } address)
            return needs;

        var need = image.OffsetOf(address, "the needed versions");
        var count = image.Dynamic(TagVersionNeedCount) ?? throw Missing("DT_VERNEEDNUM");
        for (ulong i = 0; i < Checked(count); i++)
        {
            var versions = image.U16(need + 2, "a needed version's count");
            var library = Name(image, image.U32(need + 4, "a needed library's name"));
            var version = need + image.U32(need + 8, "a needed version's offset");
            for (var j = 0; j < versions; j++)
            {
                Checked((ulong)needs.Count);
                needs.Add(new VersionNeed(
                    library,
                    Name(image, image.U32(version + 8, "a needed version's name")),
                    image.U16(version + 6, "a needed version's index"),
                    image.U16(version + 4, "a needed version's flags"),
                    version + 4));
                version += image.U32(version + 12, "the next needed version");
            }

            need += image.U32(need + 12, "the next needed library");
        }

        return needs;
    }

    /// <summary>The names of the versions the library defines; empty where it has no such table.</summary>
    public static ISet<string> Definitions(ElfImage image)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (image.Dynamic(TagVersionDefinitions) is not { } address)
            return names;

        var definition = image.OffsetOf(address, "the defined versions");
        var count = image.Dynamic(TagVersionDefinitionCount) ?? throw Missing("DT_VERDEFNUM");
        for (ulong i = 0; i < Checked(count); i++)
        {
            var name = definition + image.U32(definition + 12, "a defined version's offset");
            names.Add(Name(image, image.U32(name, "a defined version's name")));
            definition += image.U32(definition + 16, "the next defined version");
        }

        return names;
    }

    /// <summary>
    /// Whether any relocation refers to a symbol of this version. The loader looks up only symbols that relocations name: a
    /// symbol that merely stands in the table is never missed.
    /// </summary>
    public static bool IsRelocated(ElfImage image, ushort versionIndex) =>
        IsRelocated(image, versionIndex, TagRela, TagRelaSize) || IsRelocated(image, versionIndex, TagJmpRel, TagPltRelSize);

    private static bool IsRelocated(ElfImage image, ushort versionIndex, ulong tableTag, ulong sizeTag)
    {
        if (image.Dynamic(tableTag) is not { } address)
            return false;

        var versions = image.OffsetOf(image.Dynamic(TagVersionSymbols) ?? throw Missing("DT_VERSYM"), "the symbols' versions");
        var size = (long)(image.Dynamic(sizeTag) ?? throw Missing($"the size of relocation table {tableTag}"));
        if (size == 0)
            return false;

        var table = image.OffsetOf(address, "a relocation table");
        for (var relocation = table; relocation < table + size; relocation += RelaSize)
        {
            var symbol = (long)(image.U64(relocation + 8, "a relocation") >> 32);
            if (symbol != 0 && (image.U16(versions + (2 * symbol), "a symbol's version") & VersionIndexMask) == versionIndex)
                return true;
        }

        return false;
    }

    private static string Name(ElfImage image, uint offset)
    {
        var strings = image.Dynamic(TagStringTable) ?? throw Missing("DT_STRTAB");
        return image.Text(image.OffsetOf(strings, "the string table") + offset, "a name");
    }

    /// <summary>Symbols count versions in 15 bits: a greater number is damage, and following it would not end.</summary>
    private static ulong Checked(ulong count) =>
        count <= VersionIndexMask ? count : throw new InvalidDataException($"it claims {count} symbol versions, {VersionIndexMask} at most expected");

    private static InvalidDataException Missing(string tag) => new($"its dynamic table lacks {tag}");
}
