using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>GG5006: a loss whose every way to the parameters is cut.</summary>
internal sealed class GG5006GradientCut() : LossRule(LossDescriptors.GradientCut)
{
    private const string Throws = "it throws, because the loss requires no gradient";

    public override void Check(ModelContext model)
    {
        foreach (var backward in model.Graph.Nodes.OfType<BackwardNode>())
        {
            if (SeveredLoss.Of(backward) is not { } severed)
                continue;
            var (cause, consequence) = Explain(severed.Cut);
            model.Report(new(LossDescriptors.GradientCut, severed.Cut.Location, cause, backward.Location.GetLineSpan().StartLinePosition.Line + 1, consequence)
            {
                AdditionalLocations = [backward.Location],
            });
        }
    }

    private static (string Cause, string Consequence) Explain(GraphNode cut) => cut switch
    {
        GradientCutNode { Kind: GradientCutKind.Detach } => ("A detached value has no graph", Throws),
        GradientCutNode { Kind: GradientCutKind.Argmax } => ("The index of a maximum has no gradient", Throws),
        GradientCutNode { Kind: GradientCutKind.NewTensor, RequiresGradient: true } =>
            ("A tensor made of numbers read out of another has no graph", "it fills the gradient of that new tensor alone, and nothing is trained"),
        GradientCutNode { Kind: GradientCutKind.Item or GradientCutKind.NewTensor } => ("A tensor made of numbers read out of another has no graph", Throws),
        ElementwiseNode { Kind: ElementwiseKind.Compare } => ("A comparison has no gradient", Throws),
        ElementwiseNode elementwise => ($"The gradient of {elementwise.Kind.ToString().ToLowerInvariant()} is zero everywhere", "it runs, and every gradient is exactly zero"),
        _ => ("Whole numbers have no gradient", Throws),
    };
}
