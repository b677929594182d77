namespace GradGuard.Architecture.Tests;

public class ProductArchitectureTests
{
    [Fact]
    public void TheAnalyzersKeepTheirArrows() => AssertKept(DeclaredLayers.Analyzers, "analyzers", leastFiles: 20);

    [Fact]
    public void TheMonitorKeepsItsArrows() => AssertKept(DeclaredLayers.Monitor, "monitor", leastFiles: 20);

    [Fact]
    public void TheDeclaredArrowsThemselvesRunInNoCircle()
    {
        Assert.Empty(new ArchitectureCheck(DeclaredLayers.Analyzers).DeclaredCycle());
        Assert.Empty(new ArchitectureCheck(DeclaredLayers.Monitor).DeclaredCycle());
    }

    [Fact]
    public void EveryDeclaredArrowLeadsToADeclaredLayer()
    {
        foreach (var layers in new[] { DeclaredLayers.Analyzers, DeclaredLayers.Monitor })
            Assert.Empty(layers.SelectMany(layer => layer.MayUse).Except(layers.Select(layer => layer.Name)));
    }

    private static void AssertKept(IReadOnlyList<Layer> layers, string folder, int leastFiles)
    {
        var compilation = SourceCode.OfFolder(folder);
        Assert.True(compilation.SyntaxTrees.Count() > leastFiles, $"{folder}/ was not read: only {compilation.SyntaxTrees.Count()} files.");
        var violations = new ArchitectureCheck(layers).Violations(compilation);
        Assert.True(violations.Count == 0, $"{violations.Count} broken arrows in {folder}/:\n" + string.Join("\n", violations));
    }
}
