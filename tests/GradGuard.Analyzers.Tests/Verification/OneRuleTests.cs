using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace GradGuard.Analyzers.Tests.Verification;

/// <summary>
/// Tests of one rule alone, the others switched off: a training loop short enough to read in a test may break other rules on purpose. Expected
/// findings are marked as <c>{|GG4001:expression|}</c>.
/// </summary>
public abstract class OneRuleTests(string id)
{
    /// <summary>Two modules to train, one of them recurrent, and a loop's surroundings; <c>BODY</c> is what a test writes.</summary>
    private const string Surroundings =
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(4, 2);
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x);
        }

        class SequenceNet : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm = LSTM(4, 8);
            public SequenceNet() : base("sequence") => RegisterComponents();
            public override Tensor forward(Tensor x) => lstm.call(x).Item1;
        }

        class Trainer
        {
            void Train(IList<(Tensor x, Tensor y)> batches, Net model, Net other, SequenceNet sequence)
            {
                var optimizer = optim.SGD(model.parameters(), 0.1);
        BODY
            }
        }
        """;

    /// <summary>The rule finds exactly what is marked in these files.</summary>
    protected Task FindsAsync(params string[] sources) => RunAsync(new CSharpAnalyzerTest<GradGuardAnalyzer, DefaultVerifier>(), sources);

    /// <summary>The rule finds exactly what is marked in a method that trains <c>model</c> by <c>optimizer</c>.</summary>
    protected Task FindsInMethodAsync(string body) => FindsAsync(InMethod(body));

    /// <summary>As <see cref="FindsAsync"/> over code that does not compile.</summary>
    protected Task FindsInHalfWrittenAsync(string source)
    {
        var test = new CSharpAnalyzerTest<GradGuardAnalyzer, DefaultVerifier> { CompilerDiagnostics = CompilerDiagnostics.None };
        return RunAsync(test, source);
    }

    /// <summary>The same, with options of <c>.editorconfig</c>.</summary>
    protected Task FindsInMethodAsync(string body, string editorConfig)
    {
        var test = new CSharpAnalyzerTest<GradGuardAnalyzer, DefaultVerifier>();
        test.TestState.AnalyzerConfigFiles.Add(("/0/.editorconfig", "root = true\n[*.cs]\n" + editorConfig + "\n"));
        return RunAsync(test, InMethod(body));
    }

    /// <summary>The fix turns the method's body into another, one by one and all at once, and silences the rule.</summary>
    protected Task FixesInMethodAsync<TFix>(string body, string fixedBody)
        where TFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<GradGuardAnalyzer, TFix, DefaultVerifier>();
        test.FixedState.Sources.Add(("/0/Test0.cs", Complete(InMethod(fixedBody))));
        return RunAsync(test, InMethod(body));
    }

    /// <summary>As <see cref="FixesInMethodAsync{TFix}"/>, over whole files.</summary>
    protected Task FixesAsync<TFix>(string source, string fixedSource)
        where TFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<GradGuardAnalyzer, TFix, DefaultVerifier>();
        test.FixedState.Sources.Add(("/0/Test0.cs", Complete(fixedSource)));
        return RunAsync(test, source);
    }

    /// <summary>As <see cref="FixesAsync{TFix}"/>, over a file that brings its own usings.</summary>
    protected Task FixesWholeFileAsync<TFix>(string source, string fixedSource)
        where TFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<GradGuardAnalyzer, TFix, DefaultVerifier>();
        test.TestState.Sources.Add(("/0/Test0.cs", source.ReplaceLineEndings("\n")));
        test.FixedState.Sources.Add(("/0/Test0.cs", fixedSource.ReplaceLineEndings("\n")));
        return RunAsync(test);
    }

    /// <summary>The rule fires, but the fix has nothing to offer.</summary>
    protected Task OffersNoFixInMethodAsync<TFix>(string body)
        where TFix : CodeFixProvider, new() => FixesInMethodAsync<TFix>(body, body);

    private static string InMethod(string body) => Surroundings.ReplaceLineEndings("\n").Replace("BODY", Indent(body.ReplaceLineEndings("\n")));

    private static string Indent(string body) => string.Join("\n", body.Split('\n').Select(line => line.Length == 0 ? line : "        " + line));

    private Task RunAsync<TTest>(TTest test, params string[] sources)
        where TTest : AnalyzerTest<DefaultVerifier>
    {
        for (var i = 0; i < sources.Length; i++)
            test.TestState.Sources.Add(($"/0/Test{i}.cs", Complete(sources[i])));
        test.ReferenceAssemblies = new ReferenceAssemblies("net10.0");
        test.TestState.AdditionalReferences.AddRange(References.WithTorchSharp);
        if (sources.Any(source => source.Contains("GradGuard.Monitor")))
            test.TestState.AdditionalReferences.Add(References.Monitor);
        test.TestState.OutputKind = sources.Any(source => source.Contains("// top-level"))
            ? OutputKind.ConsoleApplication
            : OutputKind.DynamicallyLinkedLibrary;
        test.SolutionTransforms.Add((solution, project) => solution.WithProjectParseOptions(project, new CSharpParseOptions(LanguageVersion.Latest)));
        test.MarkupOptions = MarkupOptions.UseFirstDescriptor;
        test.DisabledDiagnostics.AddRange(RuleCatalogue.Descriptors.Select(descriptor => descriptor.Id).Where(other => other != id));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static string Complete(string source) => Rule.Usings + "\n" + source.ReplaceLineEndings("\n");
}
