using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>GG5007: a logarithm, root or division whose operand can be exactly 0. A logarithm right over a sigmoid or softmax is GG5004's.</summary>
internal sealed class GG5007ZeroOperand() : LossRule(LossDescriptors.ZeroOperand)
{
    public override void Check(ModelContext model)
    {
        foreach (var found in ZeroOperand.In(model.Graph))
        {
            if (found.Cause is ZeroCause.SureSigmoid && IsLoggedItself(model.Graph, found.Operand.Input))
                continue;
            model.Report(new(LossDescriptors.ZeroOperand, found.Operation.Location, Why(found.Cause), Consequence(found))
            {
                AdditionalLocations = [found.Operand.Location],
            });
        }
    }

    /// <summary>Then the function that computes the loss from logits mends both, and GG5004 says so.</summary>
    private static bool IsLoggedItself(ModelGraph graph, GraphNode sigmoid) =>
        graph.UsersOf(sigmoid).Any(user => user is ElementwiseNode { Kind: ElementwiseKind.Log });

    private static string Why(ZeroCause cause) => cause switch
    {
        ZeroCause.Rectified => "A rectified value is exactly 0 for every negative input, half of them at a default start",
        ZeroCause.RectifiedSum => "A sum of rectified values is exactly 0 where each of them is",
        ZeroCause.Spread => "The spread of equal values is exactly 0",
        ZeroCause.Range => "The largest less the smallest of equal values is exactly 0",
        ZeroCause.Distance => "The distance of two equal tensors is exactly 0",
        ZeroCause.EmptyMask => "The number of values under a mask is 0 where it selects none",
        ZeroCause.Uniform => "rand draws from [0, 1), 0 included",
        _ => "1 - sigmoid is exactly 0 in single precision for every logit over 17",
    };

    private static string Consequence(ZeroOperand found) => found.Operation switch
    {
        ElementwiseNode { Kind: ElementwiseKind.Log } => "its logarithm is -∞",
        ElementwiseNode { Kind: ElementwiseKind.Sqrt } => "the root's derivative there is infinite, and times 0 it makes the gradient NaN",
        _ => "dividing by it gives NaN or ∞",
    };
}
