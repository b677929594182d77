using System.Diagnostics;

namespace GradGuard.Analyzers.Tests.Catalogue;

/// <summary>The build files of the package with its modes, written as for a package, and an empty project that uses them.</summary>
public sealed class ModeFiles : IAsyncLifetime
{
    private static readonly string Analyzers = Path.Combine(Repository.Root, "analyzers");
    private static readonly string Package = Path.Combine(Analyzers, "GradGuard.Analyzers.Package");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradguard-modes-");

    private string Modes => Path.Combine(_folder.FullName, "modes") + "/";

    public async ValueTask InitializeAsync()
    {
        foreach (var project in new[] { "GradGuard.Analyzers.Package", "GradGuard.Instrumentation" })
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Analyzers, project, "build")))
                File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "empty.proj"), "<Project><Target Name=\"CoreCompile\" /><Import Project=\"GradGuard.Analyzers.targets\" /></Project>");
        var (exitCode, output) = await RunAsync([Path.Combine(Package, "ModeFiles.targets"), "-t:WriteGradGuardModes", "-p:GradGuardModesDirectory=" + Modes]);
        Assert.True(exitCode == 0, output);
    }

    /// <summary>The settings file of a mode.</summary>
    public string Read(string mode) => File.ReadAllText(Modes + mode + ".globalconfig");

    /// <summary>Builds the empty project.</summary>
    public Task<(int ExitCode, string Output)> BuildAsync(params string[] arguments) => RunAsync([Path.Combine(_folder.FullName, "empty.proj"), .. arguments]);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string[] arguments)
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", "-nologo", .. arguments])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullName,
        })!;
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        return (build.ExitCode, output);
    }
}
