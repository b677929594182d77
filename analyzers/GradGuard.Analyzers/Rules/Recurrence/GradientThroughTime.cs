using GradGuard.Analyzers.Signal;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules.Recurrence;

/// <summary>What a recurrence predictably does to a gradient, judged over its steps.</summary>
/// <param name="Evidence">The factor over the steps, or how soon it is reached, as a message says it.</param>
/// <param name="Explodes">True when it grows, false when the weights shrink it away.</param>
/// <param name="Severity">Warning where the steps are known or so few are enough that any sequence has them.</param>
internal sealed record GradientThroughTime(string Evidence, bool Explodes, DiagnosticSeverity Severity)
{
    /// <summary>Factor over the whole sequence beyond which a gradient counts as exploded, its inverse as vanished; a run alerts at the same one.</summary>
    public static readonly RuleOption MaxFactor = new("max_factor_through_time", 1000);

    /// <summary>Where the length is not known: growth past the limit within so few steps is beyond doubt.</summary>
    private const int FewSteps = 10;

    /// <summary>Where the length is not known: growth past the limit within so many steps is worth a suggestion.</summary>
    private const int CommonSteps = 50;

    /// <summary>
    /// Null where the gradient keeps its size or nothing is known. Growth is that of the gradient, activations included. Shrinkage counts only where
    /// the spectral radius alone explains it, because activations shrink the gradient over any weights.
    /// </summary>
    public static GradientThroughTime? Of(RecurrenceSignal? recurrence, double limit)
    {
        if (recurrence is not { GradientGainPerStep: { } gain })
            return null;
        if (recurrence.GradientFactor is not { } factor)
            return OfUnknownLength(gain, limit);
        var over = $"×{Describe.Number(factor)} over {recurrence.Steps} steps";
        if (factor > limit)
            return new(over, Explodes: true, DiagnosticSeverity.Warning);
        return factor < 1 / limit && Math.Pow(recurrence.SpectralRadius ?? 1, recurrence.Steps!.Value - 1) < 1 / limit
            ? new(over, Explodes: false, DiagnosticSeverity.Warning)
            : null;
    }

    private static GradientThroughTime? OfUnknownLength(double gain, double limit)
    {
        var steps = gain > 1 ? Math.Ceiling(Math.Log(limit) / Math.Log(gain)) : double.PositiveInfinity;
        return steps <= CommonSteps
            ? new($"×{Describe.Number(limit)} within {steps} steps", Explodes: true, steps <= FewSteps ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info)
            : null;
    }
}
