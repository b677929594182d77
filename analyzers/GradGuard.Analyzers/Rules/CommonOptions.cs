namespace GradGuard.Analyzers.Rules;

/// <summary>Options that several rules read.</summary>
internal static class CommonOptions
{
    /// <summary>
    /// Predicted share of saturated units above which an activation counts as lost. Half: beyond it the typical unit of the layer passes
    /// less than 7% of the gradient it could.
    /// </summary>
    public static readonly RuleOption MaxSaturatedShare = new("max_saturated_share", 0.5);

    /// <summary>Predicted factor by which one layer may multiply the RMS of its input. Layers of the library's default stay under 1.</summary>
    public static readonly RuleOption MaxGrowth = new("max_growth", 10);
}
