namespace GradGuard.Architecture.Tests;

public class ProductArchitectureTests
{
    [Fact]
    public void TheAnalyzersKeepTheirArrows() => AssertKept(DeclaredLayers.Analyzers, leastFiles: 20, "analyzers");

    [Fact]
    public void TheMonitorKeepsItsArrows() => AssertKept(
        DeclaredLayers.Monitor, leastFiles: 20, "monitor/GradGuard.Monitor", "monitor/GradGuard.Monitor.Build");

    [Fact]
    public void TheCommandLineKeepsItsArrows() => AssertKept(DeclaredLayers.CommandLine, leastFiles: 20, "analyzers/GradGuard.Analyzers", "monitor/GradGuard.Cli");

    [Fact]
    public void TheDeclaredArrowsThemselvesRunInNoCircle()
    {
        Assert.Empty(new ArchitectureCheck(DeclaredLayers.Analyzers).DeclaredCycle());
        Assert.Empty(new ArchitectureCheck(DeclaredLayers.Monitor).DeclaredCycle());
        Assert.Empty(new ArchitectureCheck(DeclaredLayers.CommandLine).DeclaredCycle());
    }

    [Fact]
    public void EveryDeclaredArrowLeadsToADeclaredLayer()
    {
        foreach (var layers in new[] { DeclaredLayers.Analyzers, DeclaredLayers.Monitor, DeclaredLayers.CommandLine })
            Assert.Empty(layers.SelectMany(layer => layer.MayUse).Except(layers.Select(layer => layer.Name)));
    }

    private static void AssertKept(IReadOnlyList<Layer> layers, int leastFiles, params string[] folders)
    {
        var compilation = SourceCode.OfFolders(folders);
        Assert.True(compilation.SyntaxTrees.Count() > leastFiles, $"{string.Join(", ", folders)} was not read: only {compilation.SyntaxTrees.Count()} files.");
        var violations = new ArchitectureCheck(layers).Violations(compilation);
        Assert.True(violations.Count == 0, $"{violations.Count} broken arrows in {string.Join(", ", folders)}:\n" + string.Join("\n", violations));
    }
}
