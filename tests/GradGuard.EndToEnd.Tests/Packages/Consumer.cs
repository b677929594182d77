namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>
/// An empty folder of somebody who gets GradGuard from the package files alone: a source for them in <c>nuget.config</c>, a package cache that
/// holds none of them yet. What other packages the machine has, such as libtorch, is taken from its own cache.
/// </summary>
internal sealed class Consumer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradguard-consumer-");
    private readonly Dictionary<string, string> _environment;

    public Consumer(PackedPackages packages)
    {
        _environment = new()
        {
            ["NUGET_PACKAGES"] = Path("packages"),

            // Asks the network for news of known packages, which is none of what is tested.
            ["NuGetAudit"] = "false",

            // libtorch is 460 MB for each output folder.
            ["CreateHardLinksForCopyLocalIfPossible"] = "true",
            ["CreateSymbolicLinksForCopyLocalIfPossible"] = "true",
        };
        Write(
            "nuget.config",
            $"""
            <configuration>
              <packageSources><add key="packed" value="{packages.Feed}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{Repository.PackageCache}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>A path in the folder.</summary>
    public string Path(params string[] parts) => System.IO.Path.Combine([_folder.FullName, .. parts]);

    public void Write(string path, string text) => File.WriteAllText(Path(path), text);

    /// <summary>Copies a project that lies beside these tests.</summary>
    public void Copy(string project)
    {
        var source = System.IO.Path.Combine(Repository.Root, "tests", "GradGuard.EndToEnd.Tests", "Packages", project);
        Directory.CreateDirectory(Path(project));
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path(project, System.IO.Path.GetFileName(file)));
    }

    /// <summary>Runs <c>dotnet</c> in the folder.</summary>
    public Task<ProcessResult> DotnetAsync(params string[] arguments) => RunAsync("dotnet", arguments);

    /// <summary>Runs a program in the folder.</summary>
    public Task<ProcessResult> RunAsync(string program, params string[] arguments) =>
        ProcessResult.RunAsync(program, _folder.FullName, _environment, arguments);

    public void Dispose() => _folder.Delete(recursive: true);
}
