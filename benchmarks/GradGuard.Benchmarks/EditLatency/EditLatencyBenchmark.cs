using System.Diagnostics;
using System.Globalization;
using GradGuard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace GradGuard.Benchmarks.EditLatency;

/// <summary>
/// What an IDE does after each keystroke, warm: a new compilation in which one file differs by a number, then the analyzers' findings in that file.
/// The project has further files of the same size. Goal: under 50 ms at the median.
/// </summary>
internal static class EditLatencyBenchmark
{
    private const int Lines = 500;
    private const int FurtherFiles = 9;
    private const int WarmUp = 200;

    public static async Task<int> RunAsync(TextWriter output, int edits)
    {
        var text = SourceText.From(ModelFile.Create("Edited", Lines));
        var further = Enumerable.Range(0, FurtherFiles).Select(number => CSharpSyntaxTree.ParseText(ModelFile.Create($"Further{number}", Lines)));
        var compilation = CSharpCompilation.Create(
            "Models", [CSharpSyntaxTree.ParseText(text), .. further], CompilerReferences.All, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        if (compilation.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            throw new InvalidOperationException("The generated files do not compile: " + compilation.GetDiagnostics().First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        output.WriteLine($"{edits} edits of a file of {text.Lines.Count} lines in a project of {1 + FurtherFiles} such files, after {WarmUp} to warm up");
        output.WriteLine($"{"",-26} {"median",9} {"p95",9} {"processor",11}");
        var (binding, total) = (new Latency("compiler (operations only)"), new Latency("compiler and GradGuard"));
        for (var edit = -WarmUp; edit < edits; edit++)
        {
            // In turns, so that a busy machine slows both down alike.
            var edited = Edit(compilation, edit + WarmUp);
            foreach (var latency in edit % 2 == 0 ? new[] { binding, total } : [total, binding])
                await MeasureAsync(() => Edit(compilation, edit + WarmUp), latency == binding ? new BindingOnly() : new GradGuardAnalyzer(), edit < 0 ? null : latency);
            compilation = edited;
        }

        Write(output, binding);
        Write(output, total);
        return 0;
    }

    private static CSharpCompilation Edit(CSharpCompilation compilation, int edit)
    {
        var tree = compilation.SyntaxTrees[0];
        var text = tree.GetText();
        var place = text.ToString().IndexOf(ModelFile.Mark, StringComparison.Ordinal) + ModelFile.Mark.Length;
        var width = (120 + (edit % 9)).ToString(CultureInfo.InvariantCulture);
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(text.WithChanges(new TextChange(new TextSpan(place, ModelFile.DigitsEdited), width))));
    }

    private static async Task MeasureAsync(Func<CSharpCompilation> edit, DiagnosticAnalyzer analyzer, Latency? latency)
    {
        var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var edited = edit();
        var model = edited.GetSemanticModel(edited.SyntaxTrees[0]);
        await edited.WithAnalyzers([analyzer]).GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, CancellationToken.None);
        latency?.Add(Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - used);
    }

    private static void Write(TextWriter output, Latency latency) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{latency.Name,-26} {latency.Wall(0.5),6:F1} ms {latency.Wall(0.95),6:F1} ms {latency.Processor(0.5),8:F1} ms"));

    /// <summary>What edits took, from each edit to the findings in the edited file.</summary>
    private sealed class Latency(string name)
    {
        private readonly List<double> _wall = [];
        private readonly List<double> _processor = [];

        public string Name { get; } = name;

        /// <summary>Milliseconds by the clock.</summary>
        public double Wall(double quantile) => At(_wall, quantile);

        /// <summary>Milliseconds of processor time on all cores together: for a machine that others use.</summary>
        public double Processor(double quantile) => At(_processor, quantile);

        public void Add(TimeSpan wall, TimeSpan processor)
        {
            _wall.Add(wall.TotalMilliseconds);
            _processor.Add(processor.TotalMilliseconds);
        }

        private static double At(List<double> times, double quantile) => times.Order().ElementAt((int)(quantile * (times.Count - 1)));
    }
}
