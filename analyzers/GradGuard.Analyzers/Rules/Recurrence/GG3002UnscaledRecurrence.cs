using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Recurrence;

/// <summary>
/// GG3002: a loop that multiplies its state, or the gradient on a way back written by hand, by one matrix whose powers explode or vanish. Both
/// directions over one matrix are one fault, shown at the first product.
/// </summary>
internal sealed class GG3002UnscaledRecurrence() : ModelRule(RecurrenceDescriptors.UnscaledRecurrence)
{
    public override void Check(ModelContext model)
    {
        var products = model.Graph.Nodes.OfType<RecurrenceNode>()
            .SelectMany(recurrence => ProductsOf(recurrence), (recurrence, product) => (Recurrence: recurrence, product.Product, product.Matrix))
            .GroupBy(product => product.Matrix.Tensor.Layer);
        foreach (var ofWeight in products)
        {
            var judged = ofWeight
                .Select(product => (product.Recurrence, product.Product, product.Matrix, Verdict: Judge(model, product.Recurrence)))
                .Where(product => product.Verdict is not null)
                .ToList();
            if (judged.Count > 0)
                Report(model, judged[0].Recurrence, judged[0].Matrix, judged[0].Verdict!, [.. judged.Select(product => product.Product.Location)]);
        }
    }

    private static GradientThroughTime? Judge(ModelContext model, RecurrenceNode recurrence) =>
        GradientThroughTime.Of(model.Signal[recurrence].Recurrence, model.Read(GradientThroughTime.MaxFactor, recurrence.Location));

    private static void Report(
        ModelContext model, RecurrenceNode recurrence, ScaledTensor matrix, GradientThroughTime verdict, ImmutableArray<Location> products)
    {
        var signal = model.Signal[recurrence];
        model.Report(new(
            RecurrenceDescriptors.UnscaledRecurrence,
            products[0],
            Describe.Layer(matrix.Tensor.Layer),
            signal.Recurrence!.SpectralRadius is { } radius ? $" (spectral radius about {Describe.Number(radius)})" : "",
            Describe.Number(signal.Recurrence.GradientGainPerStep!.Value),
            verdict.Evidence,
            signal.AssumesUnitInput ? " (inputs taken to be of unit RMS)" : "")
        {
            // Weights this small over a short memory can be meant, and training may grow them.
            Severity = verdict.Explodes ? verdict.Severity : DiagnosticSeverity.Info,
            AdditionalLocations = products.RemoveAt(0).Insert(0, matrix.Tensor.Layer.Weight.Location),
            Properties = matrix.Factor == 1
                ? ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Initializer, "orthogonal_")
                : ImmutableDictionary<string, string?>.Empty,
        });
    }

    /// <summary>The products with a matrix of random first values that the carried value goes through.</summary>
    private static IEnumerable<(ProductNode Product, ScaledTensor Matrix)> ProductsOf(RecurrenceNode recurrence) =>
        from product in recurrence.Cycle.OfType<ProductNode>()
        let matrices = product.Inputs.Select(ScaledTensor.Of).OfType<ScaledTensor>().ToArray()
        where matrices.Length == 1 && WeightMoments.Of(matrices[0].Law, product.InnerWidth, product.InnerWidth) is { Std: > 0 }
        select (product, matrices[0]);
}
