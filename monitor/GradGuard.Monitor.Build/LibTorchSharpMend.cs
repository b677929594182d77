using GradGuard.Monitor.Build.Elf;

namespace GradGuard.Monitor.Build;

/// <summary>What to do about a <c>libLibTorchSharp.so</c>.</summary>
internal enum MendOutcome
{
    /// <summary>It does not insist on the version: use it as it is.</summary>
    NotNeeded,

    /// <summary>The version is now asked for weakly: use the mended copy.</summary>
    Mended,

    /// <summary>Relocations use symbols of the version: without them it cannot run, mended or not.</summary>
    VersionIsUsed,
}

/// <summary>
/// TorchSharp's native library asks libstdc++ for <c>GLIBCXX_3.4.32</c> (GCC 13), which Debian 12, Ubuntu 22.04 and older lack,
/// so the loader refuses it there. The one symbol wanted at that version is <c>_ZSt21ios_base_library_initv</c>, which GCC 13
/// names for each file that includes &lt;iostream&gt; and which no relocation uses. Asking for the version weakly
/// (<c>VER_FLG_WEAK</c>) changes nothing where it exists and lets the library load where it does not.
/// </summary>
internal static class LibTorchSharpMend
{
    /// <summary>The library whose version is wanted.</summary>
    public const string Library = "libstdc++.so.6";

    /// <summary>The version that is wanted without being used.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    /// <summary>Judges a library and, where that is safe, makes it ask for <see cref="Version"/> weakly.</summary>
    /// <param name="original">The library's bytes; left as they are.</param>
    /// <param name="mended">A copy that differs in one flag where the outcome is <see cref="MendOutcome.Mended"/>, else null.</param>
    /// <exception cref="InvalidDataException">Not a readable ELF64 shared library; the message says what is wrong.</exception>
    public static MendOutcome Apply(byte[] original, out byte[]? mended)
    {
        mended = null;
        var image = ElfImage.Parse(original);
        var strong = SymbolVersions.Needs(image)
            .Where(need => need.Library == Library && need.Version == Version && (need.Flags & SymbolVersions.WeakFlag) == 0)
            .ToList();
        if (strong.Count == 0)
            return MendOutcome.NotNeeded;
        if (strong.Any(need => SymbolVersions.IsRelocated(image, need.Index)))
            return MendOutcome.VersionIsUsed;

        mended = (byte[])original.Clone();
        foreach (var need in strong)
            mended[need.FlagsOffset] |= (byte)SymbolVersions.WeakFlag;
        return MendOutcome.Mended;
    }
}
