using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Saturation;

/// <summary>GG2002: so many saturating activations in a row that next to no gradient reaches the first layer.</summary>
internal sealed class GG2002DeepSaturation() : ModelRule(SaturationDescriptors.DeepSaturation)
{
    /// <summary>RMS gradient at the first pre-activation over that at the last, under which the first layers hardly learn.</summary>
    public static readonly RuleOption MinGradientRatio = new("min_gradient_ratio", 1e-3);

    public override void Check(ModelContext model)
    {
        foreach (var chain in LayerChain.In(model.Graph))
        {
            var saturating = chain.Activations.Where(activation => IsSaturating(activation.Kind)).ToArray();
            if (saturating.Length > 0)
                Check(model, chain, saturating);
        }
    }

    private static void Check(ModelContext model, LayerChain chain, ActivationNode[] saturating)
    {
        var (first, last) = (chain.Layers[0], chain.Layers[chain.Layers.Length - 1]);
        var place = saturating[0].Location;
        if (model.Signal.RatioBetween(first.Use, last.Use) is not { } ratio || ratio >= model.Read(MinGradientRatio, place))
            return;
        if (PassedBy(model, saturating) is not { } passed || !AreToBlame(model, saturating, passed, ratio))
            return;

        model.Report(new(
            SaturationDescriptors.DeepSaturation,
            place,
            Describe.Layer(first.Layer),
            Describe.Number(ratio),
            Describe.Layer(last.Layer),
            saturating.Length,
            NameOf(saturating),
            Describe.Number(passed),
            model.Signal[first.Use].AssumesUnitInput ? " (inputs taken to be of unit RMS)" : "")
        {
            AdditionalLocations = saturating.Select(activation => activation.Location).Where(location => location != place).Distinct().ToImmutableArray(),
        });
    }

    /// <summary>The share of the gradient that comes through the slopes of the activations, all of them together.</summary>
    private static double? PassedBy(ModelContext model, ActivationNode[] activations) => activations.Aggregate(
        (double?)1, (product, activation) => product * model.Signal.RatioBetween(activation.Input, activation));

    /// <summary>
    /// The slopes cost more than the weights do, which GG1003 and GG1004 judge, and no activation is saturated by its weights, which GG1002 and GG2001
    /// judge.
    /// </summary>
    private static bool AreToBlame(ModelContext model, ActivationNode[] activations, double passed, double ratio) =>
        passed * passed < ratio
        && !activations.Any(activation => model.Signal[activation].SaturatedShare > model.Read(CommonOptions.MaxSaturatedShare, activation.Location));

    private static bool IsSaturating(ActivationKind kind) =>
        kind is ActivationKind.Sigmoid or ActivationKind.Tanh or ActivationKind.Softsign or ActivationKind.Hardsigmoid or ActivationKind.Hardtanh;

    private static string NameOf(ActivationNode[] activations) =>
        activations.All(activation => activation.Kind == activations[0].Kind) ? Describe.Activation(activations[0].Kind) : "saturating";
}
