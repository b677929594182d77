using System.Globalization;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using Microsoft.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Prediction;

/// <summary>
/// Compares the predicted ratio of the RMS gradient at a model's first and last pre-activation, and its saturated shares, with those of one TorchSharp
/// model of the same architecture: one draw of weights, Gaussian inputs, a Gaussian gradient at the output, double precision.
/// </summary>
internal static class PredictionAccuracy
{
    private const double SaturationTolerance = 0.05;

    public static void Run(PredictionOptions options, TextWriter output)
    {
        output.WriteLine($"seed {options.Seed}, {options.Models} random models a family");
        output.WriteLine($"{"family",-9} {"ratio: median",13} {"p95",8} {"worst",8} {"target",7} {"unknown",9}   saturated share within 5 points");
        var random = new Random(options.Seed);
        torch.manual_seed(options.Seed);
        foreach (var family in ModelFamily.All.Where(family => options.Family is null || options.Family == family.Name))
            Run(family, options, random, output);
    }

    private static void Run(ModelFamily family, PredictionOptions options, Random random, TextWriter output)
    {
        var comparisons = new List<Comparison>();
        var unknown = 0;
        while (comparisons.Count + unknown < options.Models)
        {
            var model = family.Draw(random);
            if (Compare(model) is not { } comparison)
            {
                unknown++;
                continue;
            }
            comparisons.Add(comparison);
            if (options.Family is not null && comparisons[^1].RatioError is var error && error > family.Target)
                output.WriteLine(Invariant($"  {error:F2} (predicted {comparisons[^1].Predicted:E2}, measured {comparisons[^1].Measured:E2}): {model.Body}"));
        }

        var errors = comparisons.Select(comparison => comparison.RatioError).Order().ToArray();
        var shares = comparisons.Where(comparison => comparison.SaturationError is not null).ToArray();
        var within = shares.Count(comparison => comparison.SaturationError <= SaturationTolerance);
        output.WriteLine(Invariant(
            $"{family.Name,-9} {Factor(At(errors, 0.5)),13} {Factor(At(errors, 0.95)),8} {Factor(errors[^1]),8} {Factor(family.Target),7} {$"{unknown} of {options.Models}",9}   {(shares.Length > 0 ? $"{within} of {shares.Length}" : "-")}"));
    }

    /// <summary>Null where the ratio is not predicted.</summary>
    private static Comparison? Compare(RandomModel model)
    {
        var graph = new GraphRecorder();
        var input = graph.Add(new InputNode("x", Location.None) { Shape = TensorShape.Of([.. model.InputShape.Select(extent => (long?)extent)]) });
        var report = SignalReport.Compute(graph.Graph(model.Body.Describe(graph, input)));

        // Torch runs all the same, so that the models that follow are drawn alike.
        using var scope = NewDisposeScope();
        var recorder = new TorchRecorder();
        var x = randn(model.InputShape, dtype: ScalarType.Float64, requires_grad: true);
        var y = model.Body.Run(recorder, x);
        y.backward([randn_like(y)]);

        // A recurrent layer's pre-activations are out of reach: its input stands for them.
        var isRecurrent = recorder.Observed.Count == 1;
        var first = isRecurrent ? x.grad! : recorder.Observed[0].grad!;
        var measured = TorchRecorder.Rms(first) / TorchRecorder.Rms(recorder.Observed[^1].grad!);
        if (report[isRecurrent ? input : graph.Observed[0]].GradientRms / report[graph.Observed[^1]].GradientRms is not { } predicted)
            return null;
        var saturation = graph.Saturating.Zip(recorder.Saturated, (node, share) => Math.Abs(report[node].SaturatedShare!.Value - share)).ToArray();
        return new(predicted, measured, saturation.Length > 0 ? saturation[^1] : null);
    }

    private static double At(double[] sorted, double quantile) => sorted[(int)Math.Ceiling(quantile * sorted.Length) - 1];

    private static string Factor(double value) => Invariant($"×{value:F2}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>One model: gradient ratios, and the error of the last layer's saturated share (null without sigmoid or tanh).</summary>
    private sealed record Comparison(double Predicted, double Measured, double? SaturationError)
    {
        public double RatioError => Math.Max(Predicted / Measured, Measured / Predicted);
    }
}
