namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>Exactly what each package holds and asks for: what is not listed here is in nobody's download by accident.</summary>
[Collection<PackagesCollection>]
public class ContentTests(PackedPackages packages)
{
    private static readonly string[] OfEveryPackage = ["README.md", "[Content_Types].xml", "_rels/.rels", "icon.png"];

    [Fact]
    public void PackMakesThreePackagesWithoutAWarning()
    {
        Assert.Equal(
            ["GradGuard.Analyzers", "GradGuard.Cli", "GradGuard.Monitor"],
            Directory.GetFiles(packages.Feed).Select(file => Path.GetFileName(file).Split(".0.")[0]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("warning", packages.Pack.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void AnalyzersHoldTheCompilersAssembliesAndBuildFiles() => HoldsExactly(
        "GradGuard.Analyzers",
        "analyzers/dotnet/cs/GradGuard.Analyzers.dll",
        "analyzers/dotnet/cs/GradGuard.CodeFixes.dll",
        "analyzers/dotnet/cs/GradGuard.Instrumentation.dll",
        "build/GradGuard.Analyzers.props",
        "build/GradGuard.Analyzers.targets",
        "build/GradGuard.Instrumentation.props",
        "build/GradGuard.Instrumentation.targets",
        "build/modes/default.globalconfig",
        "build/modes/none.globalconfig",
        "build/modes/rules.props",
        "build/modes/strict.globalconfig",
        "tools/netstandard2.0/GradGuard.Analyzers.Build.dll");

    [Fact]
    public void TheMonitorHoldsALibraryAndWhatItDoesInABuild() => HoldsExactly(
        "GradGuard.Monitor",
        "build/GradGuard.Monitor.targets",
        "buildTransitive/GradGuard.Monitor.targets",
        "lib/net10.0/GradGuard.Monitor.dll",
        "lib/net10.0/GradGuard.Monitor.xml",
        "lib/net8.0/GradGuard.Monitor.dll",
        "lib/net8.0/GradGuard.Monitor.xml",
        "runtimes/linux-x64/lib/net10.0/GradGuard.Monitor.dll",
        "runtimes/osx-arm64/lib/net10.0/GradGuard.Monitor.dll",
        "runtimes/win-x64/lib/net10.0/GradGuard.Monitor.dll",
        "tools/netstandard2.0/GradGuard.Monitor.Build.dll");

    [Fact]
    public void TheCommandHoldsWhatItRunsWith() => HoldsExactly(
        "GradGuard.Cli",
        [.. new[]
        {
            "DotnetToolSettings.xml",
            "Google.Protobuf.dll",
            "GradGuard.Analyzers.dll",
            "ICSharpCode.SharpZipLib.dll",
            "Microsoft.CodeAnalysis.CSharp.dll",
            "Microsoft.CodeAnalysis.dll",
            "SkiaSharp.dll",
            "Spectre.Console.Ansi.dll",
            "Spectre.Console.dll",
            "System.CommandLine.dll",
            "TorchSharp.dll",
            "gradguard.deps.json",
            "gradguard.dll",
            "gradguard.runtimeconfig.json",
        }.Select(file => "tools/net10.0/any/" + file)]);

    [Theory]
    [InlineData("GradGuard.Analyzers")]
    [InlineData("GradGuard.Cli")]
    [InlineData(
        "GradGuard.Monitor",
        "net10.0: Microsoft.Extensions.Logging.Abstractions 10.0.15",
        "net10.0: TorchSharp 0.107.0",
        "net8.0: Microsoft.Extensions.Logging.Abstractions 10.0.15",
        "net8.0: TorchSharp 0.107.0")]
    public void APackageAsksForNothingElse(string id, params string[] dependencies)
    {
        using var package = packages.Open(id);

        Assert.Equal(dependencies, PackageManifest.Read(package).Dependencies);
    }

    [Fact]
    public void OnlyTheAnalyzersAreADevelopmentDependency()
    {
        foreach (var id in new[] { "GradGuard.Analyzers", "GradGuard.Cli", "GradGuard.Monitor" })
        {
            using var package = packages.Open(id);
            Assert.Equal(id == "GradGuard.Analyzers" ? "true" : null, PackageManifest.Read(package)["developmentDependency"]);
        }
    }

    [Theory]
    [InlineData("GradGuard.Analyzers")]
    [InlineData("GradGuard.Cli")]
    [InlineData("GradGuard.Monitor")]
    public void APackageSaysWhatItIs(string id)
    {
        using var package = packages.Open(id);
        var manifest = PackageManifest.Read(package);

        Assert.Equal((id, "MIT", "icon.png", "README.md"), (manifest["id"], manifest["license"], manifest["icon"], manifest["readme"]));
        Assert.NotEmpty(manifest["description"]!);
        Assert.NotEmpty(manifest["tags"]!);
        using var readme = new StreamReader(package.GetEntry("README.md")!.Open());
        Assert.StartsWith($"# {id}\n", readme.ReadToEnd());
    }

    private void HoldsExactly(string id, params string[] files)
    {
        using var package = packages.Open(id);

        // NuGet names the core properties anew each time.
        var entries = package.Entries.Select(entry => entry.FullName).Where(name => !name.StartsWith("package/services/", StringComparison.Ordinal));
        Assert.Equal([.. OfEveryPackage.Append(id + ".nuspec").Concat(files).Order(StringComparer.Ordinal)], entries.Order(StringComparer.Ordinal));
    }
}
