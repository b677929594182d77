using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace GradGuard.Analyzers.Tests.Verification;

/// <summary>
/// Runs the whole analyzer over a source text. Expected findings are marked in the text as <c>{|GG1002:expression|}</c>; since every rule is
/// on, a test also shows that the other rules stay silent about the same code. Only GG6004 is off, unless it is asked for: many a test's model
/// keeps a stock of layers, of which each case uses some.
/// </summary>
internal static class Rule
{
    /// <summary>Namespaces that every test source is given.</summary>
    public const string Usings =
        """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        """;

    private const string UnusedLayer = "GG6004";

    /// <summary>The analyzer finds exactly what is marked; nothing is marked where the code is healthy.</summary>
    /// <param name="source">The text after <see cref="Usings"/>.</param>
    /// <param name="editorConfig">Options such as <c>gradguard.max_saturated_share = 0.3</c>, one a line.</param>
    public static Task FindsAsync(string source, string editorConfig = "") =>
        Configure(new CSharpAnalyzerTest<GradGuardAnalyzer, DefaultVerifier>(), source, editorConfig)
            .RunAsync(TestContext.Current.CancellationToken);

    /// <summary>The analyzer finds <paramref name="id"/> at the place marked <c>{|#0:…|}</c>, with this message.</summary>
    public static Task FindsAsync(string source, string id, string message)
    {
        var test = Configure(new CSharpAnalyzerTest<GradGuardAnalyzer, DefaultVerifier>(), source, "");
        test.DisabledDiagnostics.Remove(id);
        test.ExpectedDiagnostics.Add(new DiagnosticResult(Descriptor(id)).WithLocation(0).WithMessage(message).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The analyzer finds <paramref name="id"/> at the place marked <c>{|#0:…|}</c>, with a severity other than the catalogue's.</summary>
    public static Task FindsAsync(string source, string id, DiagnosticSeverity severity) =>
        Test(source, id, severity).RunAsync(TestContext.Current.CancellationToken);

    /// <summary>The same as a test still to be run, for a caller that adds files, references or settings.</summary>
    public static CSharpAnalyzerTest<GradGuardAnalyzer, DefaultVerifier> Test(string source, string id, DiagnosticSeverity severity)
    {
        var test = Configure(new CSharpAnalyzerTest<GradGuardAnalyzer, DefaultVerifier>(), source, "");
        test.ExpectedDiagnostics.Add(new DiagnosticResult(id, severity).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
        return test;
    }

    /// <summary>Over code that does not compile the analyzer finds exactly what is marked; compiler errors are not looked at.</summary>
    public static Task FindsInHalfWrittenAsync(string source)
    {
        var test = Configure(new CSharpAnalyzerTest<GradGuardAnalyzer, DefaultVerifier>(), source, "");
        test.CompilerDiagnostics = CompilerDiagnostics.None;
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Over code that does not compile the analyzer may find something or not, but it does not fail.</summary>
    public static async Task RunsOverHalfWrittenAsync(string source)
    {
        var compilation = CSharpCompilation.Create(
            "HalfWritten",
            [CSharpSyntaxTree.ParseText(Complete(source), cancellationToken: TestContext.Current.CancellationToken)],
            References.WithTorchSharp,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Contains(
            compilation.GetDiagnostics(TestContext.Current.CancellationToken),
            diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        var findings = await compilation
            .WithAnalyzers([new GradGuardAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(findings, finding => finding.Id == "AD0001");
    }

    /// <summary>The fix turns the source into <paramref name="fixedSource"/>, one by one and all at once, and silences the rule.</summary>
    public static Task FixesAsync<TFix>(string source, string fixedSource)
        where TFix : CodeFixProvider, new()
    {
        var test = Configure(new CSharpCodeFixTest<GradGuardAnalyzer, TFix, DefaultVerifier>(), source, "");
        test.FixedCode = Complete(fixedSource);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static TTest Configure<TTest>(TTest test, string source, string editorConfig)
        where TTest : AnalyzerTest<DefaultVerifier>
    {
        test.TestState.Sources.Add(("/0/Test0.cs", Complete(source)));
        test.ReferenceAssemblies = new ReferenceAssemblies("net10.0");
        test.TestState.AdditionalReferences.AddRange(References.WithTorchSharp);
        test.TestState.OutputKind = source.Contains("// top-level")
            ? OutputKind.ConsoleApplication
            : OutputKind.DynamicallyLinkedLibrary;
        test.SolutionTransforms.Add((solution, project) => solution.WithProjectParseOptions(
            project, new CSharpParseOptions(LanguageVersion.Latest)));
        test.DisabledDiagnostics.Add(UnusedLayer);
        test.MarkupOptions = MarkupOptions.UseFirstDescriptor;
        if (editorConfig.Length > 0)
            test.TestState.AnalyzerConfigFiles.Add(("/0/.editorconfig", "root = true\n[*.cs]\n" + editorConfig + "\n"));
        return test;
    }

    private static DiagnosticDescriptor Descriptor(string id) => RuleCatalogue.Descriptors.First(descriptor => descriptor.Id == id);

    private static string Complete(string source) => Usings + "\n" + source.ReplaceLineEndings("\n");
}
