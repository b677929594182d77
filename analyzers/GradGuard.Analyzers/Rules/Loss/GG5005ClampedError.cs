using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;

namespace GradGuard.Analyzers.Rules.Loss;

/// <summary>GG5005: an error or a loss that is clamped and then minimised: beyond the bound its gradient is zero.</summary>
internal sealed class GG5005ClampedError() : LossRule(LossDescriptors.ClampedError)
{
    public override void Check(ModelContext model)
    {
        foreach (var found in ErrorClamp.In(model.Graph))
        {
            model.Report(new(LossDescriptors.ClampedError, found.Clamp.Location, found.IsOfLoss ? "loss" : "error", Beyond(found), Share(found))
            {
                AdditionalLocations = [found.Backward.Location],
            });
        }
    }

    private static string Beyond(ErrorClamp found) => found.Clamp switch
    {
        { High: not { } } => "its bound",
        { Low: { } low, High: { } high } when low == -high => $"±{Describe.Number(high)}",
        { High: { } high } => Describe.Number(high),
    };

    /// <summary>How many errors of unit variance lie beyond the bounds; of a loss that is not known.</summary>
    private static string Share(ErrorClamp found) => found is { IsOfLoss: false, Clamp: { High: { } high, Low: var low } }
        ? $" ({Describe.Share(1 - NormalDistribution.Cdf(high) + NormalDistribution.Cdf(low ?? double.NegativeInfinity))} of them where errors have a spread of 1)"
        : "";
}
