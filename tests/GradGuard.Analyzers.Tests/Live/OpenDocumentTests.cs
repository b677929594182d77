using GradGuard.Analyzers.Tests.Verification;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers.Tests.Live;

/// <summary>What an IDE shows in the file that is being edited: it asks for that document alone and never comes to the end of the compilation.</summary>
public class OpenDocumentTests
{
    public static TheoryData<string> Ids => [.. RuleCatalogue.Descriptors.Select(descriptor => descriptor.Id).Distinct()];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task ARuleThatNeedsNoOtherFile_ShowsInTheOpenDocument(string id)
    {
        var findings = await OpenAsync(FiringSamples.ById[id]);

        Assert.Contains(findings, finding => finding.Id == id);
        Assert.DoesNotContain(findings, finding => finding.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.CompilationEnd));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task TheWholeBuild_SaysItOnce(string id)
    {
        var findings = await Compile(FiringSamples.ById[id]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

        Assert.NotEmpty(findings);
        Assert.Distinct(findings.Select(finding => (finding.Id, finding.Location)));
    }

    [Fact]
    public async Task WhatOnlyTwoFilesShow_WaitsForTheBuild_AndSaysSo()
    {
        const string network = "class Net : Module<Tensor, Tensor> { public Net() : base(\"net\") { } public override Tensor forward(Tensor x) => functional.softmax(Linear(4, 3).call(x), 1); }";
        const string trainer = "class Trainer { void Run(Net net, Tensor x, Tensor y) => functional.cross_entropy(net.call(x), y).backward(); }";

        Assert.DoesNotContain(await OpenAsync(trainer, network), finding => finding.Id == "GG5001");
        var built = await Compile(trainer, network).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        var finding = Assert.Single(built, finding => finding.Id == "GG5001");
        Assert.Contains(WellKnownDiagnosticTags.CompilationEnd, finding.Descriptor.CustomTags);
    }

    [Theory]
    [InlineData("sigmoid", "GG2002")]
    [InlineData("relu", null)]
    public async Task AModelOfAnotherFilesBlocks_IsFollowedWhenTheBuildHasSeenThem(string activation, string? expected)
    {
        const string network = """
            class Net : Module<Tensor, Tensor>
            {
                private readonly Block a = new(), b = new(), c = new(), d = new(), e = new(), f = new();
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => f.call(e.call(d.call(c.call(b.call(a.call(x))))));
            }
            """;
        var block = $$"""
            class Block : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(64, 64);
                public Block() : base("block") => RegisterComponents();
                public override Tensor forward(Tensor x) => functional.{{activation}}(fc.call(x));
            }
            """;

        Assert.DoesNotContain(await OpenAsync(network, block), finding => finding.Severity == DiagnosticSeverity.Warning);
        var built = await Compile(network, block).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        var warnings = built.Where(finding => finding.Severity == DiagnosticSeverity.Warning).ToList();
        Assert.Equal(expected is null ? [] : [expected], warnings.Select(warning => warning.Id));
        Assert.All(warnings, warning => Assert.Contains(WellKnownDiagnosticTags.CompilationEnd, warning.Descriptor.CustomTags));
    }

    /// <summary>An IDE asks analyzers with such a descriptor for the end of the compilation only when it analyses whole solutions.</summary>
    [Fact]
    public void WhatMayComeAtTheEndOfTheCompilation_IsDeclaredSo()
    {
        var supported = new GradGuardAnalyzer().SupportedDiagnostics;
        var atEnd = supported.Where(descriptor => descriptor.CustomTags.Contains(WellKnownDiagnosticTags.CompilationEnd)).Select(descriptor => descriptor.Id);

        Assert.Superset(new HashSet<string> { "GG3001", "GG4001", "GG5001", "GG6002", "GG6003" }, atEnd.ToHashSet());
        Assert.Equal(RuleCatalogue.Descriptors.Select(rule => rule.Id), supported.Where(rule => !rule.CustomTags.Any()).Select(rule => rule.Id));
    }

    private static Task<System.Collections.Immutable.ImmutableArray<Diagnostic>> OpenAsync(params string[] sources)
    {
        var analysis = Compile(sources);
        var model = analysis.Compilation.GetSemanticModel(analysis.Compilation.SyntaxTrees.First());
        return analysis.GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, TestContext.Current.CancellationToken);
    }

    private static CompilationWithAnalyzers Compile(params string[] sources)
    {
        var compilation = SourceCompilation.Of(References.WithTorchSharp.Add(References.Monitor), [.. sources.Select(source => Rule.Usings + "\n" + source)]);
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), error => error.Severity == DiagnosticSeverity.Error);
        return compilation.WithAnalyzers([new GradGuardAnalyzer()]);
    }
}
