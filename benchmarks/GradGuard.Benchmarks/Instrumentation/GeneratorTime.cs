using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Benchmarks.Instrumentation;

/// <summary>What the generator adds to a build and to a keystroke, in a project of many files with one model each.</summary>
internal static class GeneratorTime
{
    private const int Edits = 15;

    /// <summary>Measures, and writes a Markdown table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="files">Files of the project.</param>
    public static void Run(TextWriter output, int files)
    {
        Measure(files: 20); // The compiler's own warm-up.
        var (build, off, first, edit, declaration, predictions) = Measure(files);
        output.WriteLine(FormattableString.Invariant($"{files} files, one model each, five calls to intercept in each"));
        output.WriteLine();
        output.WriteLine("| | processor ms | a file |");
        output.WriteLine("|---|---:|---:|");
        Row("binding and emitting the project without the generator", build);
        Row("the generator where instrumentation is off", off);
        Row("the generator, everything new", first);
        Row($"the generator after an edit inside one file's methods (median of {Edits})", edit);
        Row($"the generator after an edit of what one file declares (median of {Edits})", declaration);
        Row("the predictions, in builds alone", predictions);

        void Row(string what, double ms) => output.WriteLine(FormattableString.Invariant($"| {what} | {ms:F1} | {ms / files:F3} |"));
    }

    private static (double Build, double Off, double First, double Edit, double Declaration, double Predictions) Measure(int files)
    {
        var sources = Enumerable.Range(0, files).Select(static number => Source(number, width: 16)).ToList();
        var build = Time(() => UserProject.Compile("Plain", instrumented: false, sources).Emit(Stream.Null));
        var plain = UserProject.Compile("Plain", instrumented: false, sources);
        var off = Time(() => UserProject.Driver(instrumented: false).RunGenerators(plain));

        var compilation = UserProject.Compile("Instrumented", instrumented: true, sources);
        var driver = UserProject.Driver(instrumented: true);
        var first = Time(() => driver = driver.RunGenerators(compilation));
        var edit = Median(number => Source(number, width: 32));
        var declaration = Median(number => Source(number, width: 32).Replace("int steps", "long steps", StringComparison.Ordinal));
        var predicted = UserProject.Compile("Predicted", instrumented: true, sources);
        var predictions = Time(() => UserProject.PredictionDriver().RunGenerators(predicted));
        return (build, off, first, edit, declaration, predictions);

        double Median(Func<int, string> edited)
        {
            var times = new double[Edits];
            for (var number = 0; number < Edits; number++)
            {
                var old = compilation.SyntaxTrees[number];
                compilation = compilation.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(edited(number), UserProject.ParseOptions(instrumented: true), old.FilePath));
                times[number] = Time(() => driver = driver.RunGenerators(compilation));
            }

            return Quartiles.Of(times).Median;
        }
    }

    /// <summary>Milliseconds of processor time, which other programs on the machine do not lengthen by much.</summary>
    private static double Time(Action action)
    {
        var start = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
    }

    private static string Source(int number, int width) => $$"""
        using System;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        namespace Project.Models{{number}};

        public class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1;
            private readonly Linear fc2;
            private readonly Linear fc3 = Linear({{width}}, 10);

            public Net() : base("net{{number}}")
            {
                fc1 = Linear(784, {{width}});
                fc2 = Linear({{width}}, {{width}});
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                var x = functional.relu(fc1.forward(input.flatten(1)));
                x = fc2.forward(x).tanh();
                return fc3.forward(x);
            }

            public static double Train(Net net, Tensor input, Tensor target, int steps)
            {
                using var optimizer = optim.Adam(net.parameters(), 1e-3);
                var total = 0.0;
                for (var step = 0; step < steps; step++)
                {
                    using var scope = NewDisposeScope();
                    optimizer.zero_grad();
                    var loss = functional.cross_entropy(net.call(input), target);
                    loss.backward();
                    optimizer.step();
                    total += loss.item<float>();
                }

                Console.WriteLine($"net{{number}}: {total / steps}");
                return total / steps;
            }
        }
        """;
}
