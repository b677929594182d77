using GradGuard.Monitor.Build.Elf;

namespace GradGuard.Monitor.Build.Tests;

public class MalformedLibraryTests
{
    private static byte[] Affected() =>
        new CraftedLibrary().Needing("libstdc++.so.6", "GLIBCXX_3.4.30", "GLIBCXX_3.4.32").Relocating("GLIBCXX_3.4.30").ToBytes();

    private static string Complaint(byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => LibTorchSharpMend.Apply(bytes, out _)).Message;

    [Fact]
    public void AnEmptyFile_IsNotElf() => Assert.Contains("not an ELF file", Complaint([]));

    [Fact]
    public void AScript_IsNotElf() => Assert.Contains("not an ELF file", Complaint("#!/bin/sh\nexit 0\n"u8.ToArray()));

    [Fact]
    public void AnElfHeaderCutShort_SaysSo() => Assert.Contains("cut short (20 of 64 bytes)", Complaint(Affected()[..20]));

    [Fact]
    public void A32BitLibrary_IsNamedAsSuch()
    {
        var bytes = Affected();
        bytes[4] = 1;
        Assert.Contains("not a 64-bit ELF file", Complaint(bytes));
    }

    [Fact]
    public void ABigEndianLibrary_IsNamedAsSuch()
    {
        var bytes = Affected();
        bytes[5] = 2;
        Assert.Contains("not a little-endian ELF file", Complaint(bytes));
    }

    [Fact]
    public void AnObjectFileWithoutSegments_IsNoSharedLibrary()
    {
        var bytes = Affected();
        bytes[56] = 0;
        Assert.Contains("no dynamic segment", Complaint(bytes));
    }

    [Fact]
    public void CutAnywhere_IsReportedOrHarmless()
    {
        // Whatever the length: never another exception, and never a mend of a file whose tables are not all there.
        var whole = Affected();
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.True(Complaint(cut).Length > 0);
        }
    }

    [Theory]
    [InlineData(0x6FFFFFFF, false)]
    [InlineData(0x6FFFFFFD, true)]
    public void ACountOfVersionsBeyondReason_IsReportedRatherThanFollowed(ulong countTag, bool definitions)
    {
        var bytes = new CraftedLibrary().Needing("libstdc++.so.6", "GLIBCXX_3.4.32").Defining("MINE_1.0").ToBytes();
        Overwrite(bytes, countTag, ulong.MaxValue / 2);
        var image = ElfImage.Parse(bytes);
        var fault = Assert.Throws<InvalidDataException>(() => definitions
            ? (object)SymbolVersions.Definitions(image)
            : SymbolVersions.Needs(image));
        Assert.Contains("9223372036854775807 symbol versions", fault.Message);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void RandomBytesFlipped_NeverCrashTheBuild(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3000; round++)
        {
            var bytes = Affected();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
                bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);

            var fault = Record.Exception(() => LibTorchSharpMend.Apply(bytes, out _));
            Assert.True(fault is null or InvalidDataException, $"seed {seed}, round {round}: {fault}");
        }
    }

    [Fact]
    public void TablesThatPointNowhere_AreNamed()
    {
        var bytes = Affected();
        Overwrite(bytes, 0x6FFFFFFE, 0xDEAD0000);
        Assert.Contains("the needed versions lies in no load segment", Complaint(bytes));
    }

    /// <summary>Gives a tag of the dynamic table, which ends the file, another value.</summary>
    private static void Overwrite(byte[] bytes, ulong tag, ulong value)
    {
        var entry = Enumerable.Range(0, bytes.Length / 8).Select(i => i * 8).Last(at => BitConverter.ToUInt64(bytes, at) == tag);
        BitConverter.GetBytes(value).CopyTo(bytes, entry + 8);
    }
}
