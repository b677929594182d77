namespace GradGuard.EndToEnd.Tests;

/// <summary>
/// The repository as a newcomer gets it: its files without anything ever built, in an empty folder, with the sample models built there once.
/// </summary>
public sealed class FreshCopy : IAsyncLifetime
{
    private static readonly HashSet<string> NotSource = ["bin", "obj", ".git", ".vs", "runs", "artifacts", "TestResults"];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("gradguard-");

    /// <summary>What the first <c>dotnet build</c> printed.</summary>
    internal ProcessResult Build { get; private set; } = null!;

    private string Root => _root.FullName;

    /// <summary>A place for the records of one run.</summary>
    internal string RunDirectory(string name) => Path.Combine(Root, "runs", name);

    public async ValueTask InitializeAsync()
    {
        Copy(new DirectoryInfo(Repository.Root), _root);
        Build = await DotnetAsync("build", "sample-models", "--nologo", "-clp:NoSummary");
    }

    /// <summary>Runs <c>dotnet</c> in the copy.</summary>
    internal Task<ProcessResult> DotnetAsync(params string[] arguments) => ProcessResult.RunAsync("dotnet", Root, arguments);

    /// <summary>Runs the built samples, as <c>dotnet run --project sample-models -- …</c> does.</summary>
    internal Task<ProcessResult> SamplesAsync(params string[] arguments) =>
        DotnetAsync(["run", "--project", "sample-models", "--no-build", "--", .. arguments]);

    public ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        foreach (var file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to.FullName, file.Name));
        foreach (var folder in from.EnumerateDirectories().Where(folder => !NotSource.Contains(folder.Name)))
            Copy(folder, to.CreateSubdirectory(folder.Name));
    }
}
