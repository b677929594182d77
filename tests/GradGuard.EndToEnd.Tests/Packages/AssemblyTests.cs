using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>What is inside of the packed assemblies besides code.</summary>
[Collection<PackagesCollection>]
public class AssemblyTests(PackedPackages packages)
{
    [Theory]
    [InlineData("GradGuard.Analyzers", 4)]
    [InlineData("GradGuard.Cli", 2)]
    [InlineData("GradGuard.Monitor", 6)]
    public void OursAreDeterministicAndCarryTheirSymbolsWithoutAPathOfTheMachine(string id, int count)
    {
        using var package = packages.Open(id);
        var ours = package.Entries.Where(entry => entry.Name.StartsWith("gradguard", StringComparison.OrdinalIgnoreCase) && entry.Name.EndsWith(".dll", StringComparison.Ordinal)).ToList();

        Assert.Equal(count, ours.Count);
        Assert.All(ours, entry =>
        {
            using var assembly = new PEReader(Read(entry));
            var debug = assembly.ReadDebugDirectory();
            Assert.Contains(debug, part => part.Type == DebugDirectoryEntryType.Reproducible);

            var symbols = Assert.Single(debug, part => part.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
            using var provider = assembly.ReadEmbeddedPortablePdbDebugDirectoryData(symbols);
            var reader = provider.GetMetadataReader();
            var sources = reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)).ToList();
            Assert.NotEmpty(sources);
            Assert.All(sources, source => Assert.StartsWith("/_", source));
        });
    }

    [Theory]
    [InlineData("linux-x64", Machine.Amd64, 0x7B79)]
    [InlineData("win-x64", Machine.Amd64, 0)]
    [InlineData("osx-arm64", Machine.Arm64, 0x4644)]
    public void TheMonitorIsCompiledForEachPlatformFromTheOneAssembly(string platform, Machine machine, int system)
    {
        using var package = packages.Open("GradGuard.Monitor");
        using var portable = new PEReader(Read(package.GetEntry("lib/net10.0/GradGuard.Monitor.dll")!));
        using var compiled = new PEReader(Read(package.GetEntry($"runtimes/{platform}/lib/net10.0/GradGuard.Monitor.dll")!));

        // The runtime marks native code by its system: the machine's number, exclusive or the system's.
        Assert.Equal((int)machine ^ system, (int)compiled.PEHeaders.CoffHeader.Machine);
        Assert.Equal(ModuleOf(portable), ModuleOf(compiled));
        Assert.Equal(0, portable.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
        Assert.NotEqual(0, compiled.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
    }

    private static Guid ModuleOf(PEReader assembly)
    {
        var reader = assembly.GetMetadataReader();
        return reader.GetGuid(reader.GetModuleDefinition().Mvid);
    }

    private static MemoryStream Read(ZipArchiveEntry entry)
    {
        var copy = new MemoryStream();
        using var content = entry.Open();
        content.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }
}
