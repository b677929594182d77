using System.Reflection;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Instrumentation;

/// <summary>
/// The step of a program built with instrumentation while no monitor is attached, over the step of the same program built without, in
/// alternating blocks.
/// </summary>
/// <param name="clock">Seconds since some moment.</param>
internal sealed class InterceptedStepTime(Func<double> clock)
{
    private const double BlockSeconds = 0.3;

    private const string Source = """
        using System.Collections.Generic;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        public sealed class Mlp : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Module<Tensor, Tensor>> layers = new();

            public Mlp(long[] widths) : base("mlp")
            {
                for (var i = 0; i + 1 < widths.Length; i++)
                    layers.Add(Linear(widths[i], widths[i + 1]));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                for (var i = 0; i < layers.Count; i++)
                    x = i + 1 < layers.Count ? functional.relu(layers[i].forward(x)) : layers[i].forward(x);
                return x;
            }
        }

        public sealed class Program
        {
            private readonly Mlp model;
            private readonly optim.Optimizer optimizer;
            private readonly Tensor input;
            private readonly Tensor target;

            public Program(long[] widths, long batch)
            {
                manual_seed(1);
                model = new Mlp(widths);
                optimizer = optim.SGD(model.parameters(), 0.01);
                input = randn(batch, widths[0]);
                target = randint(0, widths[^1], new[] { batch });
            }

            public void Train(int steps)
            {
                for (var step = 0; step < steps; step++)
                {
                    using var scope = NewDisposeScope();
                    optimizer.zero_grad();
                    var loss = functional.cross_entropy(model.forward(input), target);
                    loss.backward();
                    optimizer.step();
                }
            }
        }
        """;

    /// <summary>Measures, and writes a Markdown table.</summary>
    public void Run(TextWriter output, int rounds)
    {
        var plain = Load(instrumented: false);
        var instrumented = Load(instrumented: true);
        output.WriteLine(FormattableString.Invariant($"{get_num_threads()} torch threads, {rounds} rounds"));
        output.WriteLine();
        output.WriteLine("| model | step, ms | instrumented, no monitor | plain, once more |");
        output.WriteLine("|---|---:|---:|---:|");
        Measure(output, "MLP 8-8-8-8-8-8-2, batch 1", [8, 8, 8, 8, 8, 8, 2], 1, plain, instrumented, rounds);
        Measure(output, "MLP 784-256-256-10, batch 64", [784, 256, 256, 10], 64, plain, instrumented, rounds);
    }

    private void Measure(TextWriter output, string name, long[] widths, long batch, Assembly plain, Assembly instrumented, int rounds)
    {
        Action<int>[] ways = [Program(plain, widths, batch), Program(instrumented, widths, batch), Program(plain, widths, batch)];
        foreach (var train in ways)
            train(200);
        var start = clock();
        ways[0](200);
        var steps = Math.Max(1, (int)(200 * BlockSeconds / (clock() - start)));
        var times = ways.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < ways.Length; turn++)
            {
                var way = (round + turn) % ways.Length;
                var begin = clock();
                ways[way](steps);
                times[way][round] = clock() - begin;
            }
        }

        var ratios = times.Skip(1).Select(time => Quartiles.Of(time.Zip(times[0], static (time, plain) => time / plain)))
            .Select(static ratio => FormattableString.Invariant($"{ratio.Median:F3} ({ratio.Lower:F3}–{ratio.Upper:F3})"));
        output.WriteLine(FormattableString.Invariant($"| {name} | {Quartiles.Of(times[0]).Median / steps * 1000:F3} | {string.Join(" | ", ratios)} |"));
    }

    private static Action<int> Program(Assembly assembly, long[] widths, long batch)
    {
        var type = assembly.GetType("Program", throwOnError: true)!;
        var program = Activator.CreateInstance(type, widths, batch)!;
        return type.GetMethod("Train")!.CreateDelegate<Action<int>>(program);
    }

    private static Assembly Load(bool instrumented)
    {
        UserProject.Driver(instrumented).RunGeneratorsAndUpdateCompilation(
            UserProject.Compile(instrumented ? "Instrumented" : "Plain", instrumented, [Source]), out var compilation, out _);
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        if (!result.Success)
            throw new InvalidOperationException("The benchmark's program does not compile: " + string.Join(Environment.NewLine, result.Diagnostics));
        return Assembly.Load(image.ToArray());
    }
}
