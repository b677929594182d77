namespace GradGuard.Architecture.Tests;

/// <summary>Each kind of violation, written out: the check must be able to fail.</summary>
public class BrokenArrowTests
{
    private const string Graph = "namespace GradGuard.Analyzers.Graph { public class ModelGraph { public static int Count => 1; } }";

    private const string Signal = """
        namespace GradGuard.Analyzers.Signal
        {
            public class Moments { public double Variance; public static Moments Of(GradGuard.Analyzers.Graph.ModelGraph graph) => new(); }
        }
        """;

    private const string Detection = "namespace GradGuard.Monitor.Detection { public class Finding { public string Id = \"\"; } }";

    private static IReadOnlyList<string> Analyzers(params string[] sources) => Violations(DeclaredLayers.Analyzers, sources);

    private static IReadOnlyList<string> Monitor(params string[] sources) => Violations(DeclaredLayers.Monitor, sources);

    private static IReadOnlyList<string> Violations(IReadOnlyList<Layer> layers, string[] sources) =>
        new ArchitectureCheck(layers).Violations(SourceCode.Compile(sources.Select((text, i) => ($"Source{i}.cs", text))));

    [Fact]
    public void AnArrowDownwardsIsKept() => Assert.Empty(Analyzers(Graph, Signal));

    [Theory]
    [InlineData("class Torchy { GradGuard.Analyzers.Graph.ModelGraph? graph; }")]
    [InlineData("class Torchy { int Size() => GradGuard.Analyzers.Graph.ModelGraph.Count; }")]
    [InlineData("class Torchy : System.Collections.Generic.List<GradGuard.Analyzers.Graph.ModelGraph> { }")]
    [InlineData("class Torchy { string Name() => nameof(GradGuard.Analyzers.Graph.ModelGraph); }")]
    [InlineData("class Torchy { object Make() { var graph = Other.Graphs[0]; return 1; } }")]
    [InlineData("class Torchy { object Make() => Other.Graphs[0]; }")]
    [InlineData("class Torchy { object Make() => System.Linq.Enumerable.ToList(System.Linq.Enumerable.Select(Other.Graphs, g => g.GetHashCode())); }")]
    public void AnArrowUpwards_Breaks_HoweverItIsWritten(string code)
    {
        // Other is a layer of its own, allowed to both, so that only the code under test can break an arrow.
        var layers = new[]
        {
            new Layer("Torch", "GradGuard.Analyzers.Torch", ["Other"], "it knows operations only"),
            new Layer("Graph", "GradGuard.Analyzers.Graph", [], "it knows graphs only"),
            new Layer("Other", "Elsewhere", ["Graph"], "it is for this test"),
        };
        var other = "namespace Elsewhere { public static class Other { public static GradGuard.Analyzers.Graph.ModelGraph[] Graphs = []; } }";

        var violations = Violations(layers, [Graph, other, $"using Elsewhere;\nnamespace GradGuard.Analyzers.Torch\n{{\n    {code}\n}}"]);

        Assert.Contains(
            "Source2.cs:4: Torch uses GradGuard.Analyzers.Graph.ModelGraph of Graph. Torch may use only Other, because it knows operations only.",
            violations);
    }

    [Fact]
    public void AnAliasOrAStaticUsing_HidesNothing()
    {
        Assert.Contains(
            Analyzers(Graph, Signal, "using M = GradGuard.Analyzers.Signal.Moments;\nnamespace GradGuard.Analyzers.Graph { class Layer { M? moments; } }"),
            violation => violation.StartsWith("Source2.cs:2: Graph uses GradGuard.Analyzers.Signal.Moments of Signal.", StringComparison.Ordinal));
        Assert.Contains(
            Analyzers(Graph, "using static GradGuard.Analyzers.Graph.ModelGraph;\nnamespace GradGuard.Analyzers.Torch { class Table { int n = Count; } }"),
            violation => violation.StartsWith("Source1.cs:2: Torch uses GradGuard.Analyzers.Graph.ModelGraph of Graph.", StringComparison.Ordinal));
    }

    [Fact]
    public void SignalAndTrainingDoNotKnowEachOther() => Assert.Contains(
        Analyzers(Graph, Signal, "namespace GradGuard.Analyzers.Training { class TrainingLoop { GradGuard.Analyzers.Signal.Moments? m; } }"),
        violation => violation.Contains("Training uses GradGuard.Analyzers.Signal.Moments of Signal"));

    [Theory]
    [InlineData("Microsoft.CodeAnalysis.CSharp.Syntax.InvocationExpressionSyntax? call;")]
    [InlineData("bool Walk(Microsoft.CodeAnalysis.IOperation operation) => operation.Syntax.Parent != null;")]
    [InlineData("void Walk(Microsoft.CodeAnalysis.IOperation operation) { var syntax = operation.Syntax; }")]
    public void ARuleThatReadsSyntax_Breaks(string member) => Assert.Contains(
        Analyzers($"namespace GradGuard.Analyzers.Rules.Loss {{ class GG5001 {{ {member} }} }}"),
        violation => violation.Contains("Rules stays away from syntax, because a rule judges graph, signal and training loop"));

    [Theory]
    [InlineData("operation.Syntax.GetLocation()")]
    [InlineData("operation?.Syntax.GetLocation()")]
    [InlineData("operation?.Syntax?.GetLocation()")]
    public void ARuleMayAskWhereAnOperationStands(string location) => Assert.Empty(Analyzers(
        $"namespace GradGuard.Analyzers.Rules.Loss {{ class GG5001 {{ object? At(Microsoft.CodeAnalysis.IOperation operation) => {location}; }} }}"));

    [Fact]
    public void AnAnalyzerThatUsesWorkspaces_Breaks_WhileAFixMay()
    {
        Assert.Contains(
            Analyzers("namespace GradGuard.Analyzers.Source { class Reader { Microsoft.CodeAnalysis.Document? document; } }"),
            violation => violation.Contains("Source stays away from Workspaces, because the command-line compiler has no workspaces"));
        Assert.Empty(Analyzers("namespace GradGuard.CodeFixes { class Fix { Microsoft.CodeAnalysis.Document? document; } }"));
    }

    [Fact]
    public void ADetectorThatHoldsATensor_Breaks_WhileStatisticsMay()
    {
        Assert.Contains(
            Monitor("namespace GradGuard.Monitor.Detection { class DeadUnits { double Share(TorchSharp.torch.Tensor t) => t.item<double>(); } }"),
            violation => violation.StartsWith("Source0.cs:1: Detection uses TorchSharp.torch. Detection stays away from TorchSharp", StringComparison.Ordinal));
        Assert.Empty(Monitor("namespace GradGuard.Monitor.Statistics { class Kernel { double Read(TorchSharp.torch.Tensor t) => t.item<double>(); } }"));
    }

    [Fact]
    public void AnExportThatDecides_Breaks() => Assert.Contains(
        Monitor(Detection, "namespace GradGuard.Monitor.Export { class Report { string Show(GradGuard.Monitor.Detection.Finding f) => f.Id; } }"),
        violation => violation.Contains("Export uses GradGuard.Monitor.Detection.Finding of Detection")
            && violation.Contains("because an export shows what was recorded and decided; it decides nothing"));

    [Fact]
    public void TheContract_KnowsNoDetector_WhileTheMonitorWiresAll()
    {
        Assert.Contains(
            Monitor(Detection, "namespace GradGuard.Monitor { public class Alert { GradGuard.Monitor.Detection.Finding? finding; } }"),
            violation => violation.Contains("Contract uses GradGuard.Monitor.Detection.Finding"));
        Assert.Empty(Monitor(
            "namespace GradGuard.Monitor { public class Alert { } public class GradientMonitor { Detection.Finding? finding; } }",
            "namespace GradGuard.Monitor.Detection { public class Finding { GradGuard.Monitor.Alert? alert; } }"));
    }

    [Fact]
    public void ANamespaceThatNobodyPlaced_Breaks()
    {
        var violation = Assert.Single(Analyzers("namespace GradGuard.Analyzers.Helpers { class Misc { } }"));
        Assert.Contains("Source0.cs: GradGuard.Analyzers.Helpers.Misc is in no declared layer", violation);
    }

    [Fact]
    public void CodeOutsideOfAnyNamespace_Breaks() =>
        Assert.Contains("Stray is in no declared layer", Assert.Single(Monitor("class Stray { }")));

    [Fact]
    public void NamespacesOfOneLayerInACircle_Break()
    {
        var violation = Assert.Single(Analyzers(
            "namespace GradGuard.Analyzers.Rules.Loss { class A { Saturation.B? b; } }",
            "namespace GradGuard.Analyzers.Rules.Saturation { class B { Loss.A? a; } }"));
        Assert.Contains("GradGuard.Analyzers.Rules.Loss uses GradGuard.Analyzers.Rules.Saturation (Source0.cs:1)", violation);
        Assert.Contains("GradGuard.Analyzers.Rules.Saturation uses GradGuard.Analyzers.Rules.Loss (Source1.cs:1)", violation);
    }

    [Fact]
    public void SourcesThatDoNotCompile_AreNotPassedOverInSilence() => Assert.Contains(
        "cannot be known", Assert.Single(Analyzers("namespace GradGuard.Analyzers.Torch { class Table { Missing? missing; } }")));

    [Fact]
    public void ADeclaredCircle_IsFound() => Assert.Equal(
        ["A", "B", "C"],
        new ArchitectureCheck([new("A", "a", ["B"], ""), new("B", "b", ["C"], ""), new("C", "c", ["A"], "")]).DeclaredCycle());
}
