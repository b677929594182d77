using System.IO.Compression;

namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>The packages as <c>dotnet pack</c> makes them of this repository, in a folder of their own. Made once for all tests.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradguard-packages-");

    /// <summary>The folder of the package files: all that a consumer gets.</summary>
    internal string Feed => Path.Combine(_folder.FullName, "feed");

    /// <summary>What the command printed.</summary>
    internal ProcessResult Pack { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // The sources were analyzed when the tests were built, and restored: a second restore would write files that other tests read.
        Pack = await ProcessResult.RunAsync(
            "dotnet", Repository.Root, "pack", "GradGuard.sln", "--no-restore", "--output", Feed, "--nologo", "-p:RunAnalyzers=false");
        Assert.True(Pack.ExitCode == 0, Pack.Output);
    }

    /// <summary>Opens the one file of a package.</summary>
    internal ZipArchive Open(string id) => ZipFile.OpenRead(Directory.GetFiles(Feed, id + ".*.nupkg").Single());

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
