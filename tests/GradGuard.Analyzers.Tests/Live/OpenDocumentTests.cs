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
