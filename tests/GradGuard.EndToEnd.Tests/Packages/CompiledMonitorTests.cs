using System.Runtime.InteropServices;
using System.Text.Json;

namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>Which of the package's assemblies a program gets: the one compiled for its platform where the framework allows it, the portable one elsewhere.</summary>
[Collection<PackagesCollection>]
public class CompiledMonitorTests(PackedPackages packages)
{
    private static readonly string[] Platforms = ["linux-x64", "osx-arm64", "win-x64"];

    [Fact]
    public async Task AProgramOfTheNewestFrameworkHasThoseCompiledForEachPlatformAndRunsItsOwn()
    {
        using var consumer = new Consumer(packages);
        consumer.Copy("Trainer");
        var build = await consumer.DotnetAsync("build", "Trainer", "--nologo");
        Assert.True(build.ExitCode == 0, build.Output);
        var output = consumer.Path("Trainer", "bin", "Debug", "net10.0");

        Assert.Equal(Platforms.Select(platform => $"runtimes/{platform}/lib/net10.0/GradGuard.Monitor.dll"), PlatformAssets(output));
        Assert.All(PlatformAssets(output), asset => Assert.True(File.Exists(Path.Combine(output, asset))));

        // The portable one is out of its way: it has only the other to run.
        var here = Platforms.SingleOrDefault(platform => platform == RuntimeInformation.RuntimeIdentifier);
        Assert.SkipUnless(here is not null, "nothing is compiled for this platform");
        File.Delete(Path.Combine(output, "GradGuard.Monitor.dll"));
        var training = await consumer.DotnetAsync("run", "--project", "Trainer", "--no-build", "--", "run");
        Assert.True(training.ExitCode == 0, training.Output + training.Error);
        Assert.True(File.Exists(consumer.Path("run", "summary.json")));
    }

    [Fact]
    public async Task AProgramOfAnOlderFrameworkHasThePortableOne()
    {
        using var consumer = new Consumer(packages);
        consumer.Copy("Trainer");
        var project = Path.Combine("Trainer", "Trainer.csproj");
        consumer.Write(project, (await File.ReadAllTextAsync(consumer.Path(project), TestContext.Current.CancellationToken)).Replace("net10.0", "net8.0", StringComparison.Ordinal));
        var build = await consumer.DotnetAsync("build", "Trainer", "--nologo");
        Assert.True(build.ExitCode == 0, build.Output);
        var output = consumer.Path("Trainer", "bin", "Debug", "net8.0");

        Assert.Empty(PlatformAssets(output));
        Assert.True(File.Exists(Path.Combine(output, "GradGuard.Monitor.dll")));
    }

    /// <summary>The assemblies of the monitor that the program's host chooses from by platform.</summary>
    private static IReadOnlyList<string> PlatformAssets(string output)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "Trainer.deps.json")));
        var monitor = manifest.RootElement.GetProperty("targets").EnumerateObject().Single().Value.GetProperty("GradGuard.Monitor/0.1.0");
        return monitor.TryGetProperty("runtimeTargets", out var assets)
            ? [.. assets.EnumerateObject().Select(static asset => asset.Name).Order(StringComparer.Ordinal)]
            : [];
    }
}
