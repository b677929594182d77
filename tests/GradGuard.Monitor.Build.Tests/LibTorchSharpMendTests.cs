using GradGuard.Monitor.Build.Elf;

namespace GradGuard.Monitor.Build.Tests;

public class LibTorchSharpMendTests
{
    private const string LibStdCpp = "libstdc++.so.6";
    private const string Wanted = "GLIBCXX_3.4.32";

    private static CraftedLibrary Affected() => new CraftedLibrary()
        .Needing("libc.so.6", "GLIBC_2.14", "GLIBC_2.34")
        .Needing(LibStdCpp, "GLIBCXX_3.4.30", Wanted, "CXXABI_1.3");

    [Fact]
    public void ForAVersionThatNothingUses_SetsThatOneFlag()
    {
        var original = Affected().Relocating("GLIBCXX_3.4.30").Relocating("GLIBC_2.34").ToBytes();

        Assert.Equal(MendOutcome.Mended, LibTorchSharpMend.Apply(original, out var mended));

        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != mended![i]).ToList();
        var wanted = SymbolVersions.Needs(ElfImage.Parse(original)).Single(need => need.Version == Wanted);
        Assert.Equal([(int)wanted.FlagsOffset], changed);
        Assert.All(SymbolVersions.Needs(ElfImage.Parse(mended!)), need =>
            Assert.Equal(need.Version == Wanted ? SymbolVersions.WeakFlag : 0, need.Flags));
    }

    [Fact]
    public void LeavesTheOriginalBytesAlone()
    {
        var original = Affected().ToBytes();
        var before = (byte[])original.Clone();
        LibTorchSharpMend.Apply(original, out _);
        Assert.Equal(before, original);
    }

    [Fact]
    public void MendingTwiceIsMendingOnce()
    {
        LibTorchSharpMend.Apply(Affected().ToBytes(), out var mended);
        Assert.Equal(MendOutcome.NotNeeded, LibTorchSharpMend.Apply(mended!, out var again));
        Assert.Null(again);
    }

    [Fact]
    public void ForAVersionAlreadyWantedWeakly_DoesNothing() =>
        Assert.Equal(MendOutcome.NotNeeded, LibTorchSharpMend.Apply(Affected().Weakly(Wanted).ToBytes(), out _));

    [Fact]
    public void ForALibraryThatDoesNotWantTheVersion_DoesNothing() =>
        Assert.Equal(MendOutcome.NotNeeded, LibTorchSharpMend.Apply(new CraftedLibrary().Needing(LibStdCpp, "GLIBCXX_3.4.30").ToBytes(), out _));

    [Fact]
    public void ForALibraryWithoutVersions_DoesNothing() =>
        Assert.Equal(MendOutcome.NotNeeded, LibTorchSharpMend.Apply(new CraftedLibrary().ToBytes(), out _));

    [Fact]
    public void ForTheSameVersionNameOfAnotherLibrary_DoesNothing() =>
        Assert.Equal(MendOutcome.NotNeeded, LibTorchSharpMend.Apply(new CraftedLibrary().Needing("libother.so.1", Wanted).ToBytes(), out _));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ForAVersionThatARelocationUses_Refuses(bool throughPlt)
    {
        var library = new CraftedLibrary { RelocateThroughPlt = throughPlt }
            .Needing(LibStdCpp, "GLIBCXX_3.4.30", Wanted).Relocating("GLIBCXX_3.4.30").Relocating(Wanted);
        Assert.Equal(MendOutcome.VersionIsUsed, LibTorchSharpMend.Apply(library.ToBytes(), out var mended));
        Assert.Null(mended);
    }

    [Fact]
    public void TheLibraryOfThePackage_IsMendedByOneByte()
    {
        var original = File.ReadAllBytes(TorchSharpPackage.LinuxLibrary);

        Assert.Equal(MendOutcome.Mended, LibTorchSharpMend.Apply(original, out var mended));

        Assert.Equal(1, Enumerable.Range(0, original.Length).Count(i => original[i] != mended![i]));
        Assert.Equal(MendOutcome.NotNeeded, LibTorchSharpMend.Apply(mended!, out _));
    }

    [Fact]
    public void TheLibraryOfThePackage_ReallyUsesAnOlderVersion()
    {
        // The check that guards the mend must be able to say yes on this very file.
        var image = ElfImage.Parse(File.ReadAllBytes(TorchSharpPackage.LinuxLibrary));
        var used = SymbolVersions.Needs(image).Single(need => need.Version == "GLIBCXX_3.4.21");
        Assert.True(SymbolVersions.IsRelocated(image, used.Index));
    }
}
