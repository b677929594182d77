using System.IO.Compression;
using System.Reflection.PortableExecutable;

namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>What is inside of the packed assemblies besides code.</summary>
[Collection<PackagesCollection>]
public class AssemblyTests(PackedPackages packages)
{
    [Theory]
    [InlineData("GradGuard.Analyzers", 4)]
    [InlineData("GradGuard.Cli", 2)]
    [InlineData("GradGuard.Monitor", 3)]
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

    private static MemoryStream Read(ZipArchiveEntry entry)
    {
        var copy = new MemoryStream();
        using var content = entry.Open();
        content.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }
}
