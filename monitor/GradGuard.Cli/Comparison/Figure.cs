namespace GradGuard.Cli.Comparison;

/// <summary>What of a layer is compared, and which way is worse.</summary>
/// <param name="Id">Its name in JSON.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="IsShare">True for a share from 0 to 1, compared by difference; false for a size, compared by factor.</param>
/// <param name="IsWorseWhenLower">True where a smaller one is a fault too.</param>
internal sealed record Figure(string Id, string Label, bool IsShare, bool IsWorseWhenLower)
{
    /// <summary>The loss, of the whole model.</summary>
    public static readonly Figure Loss = new("loss", "loss", IsShare: false, IsWorseWhenLower: false);

    /// <summary>Euclidean norm of the gradient by all of the layer's parameters: smaller is vanishing, larger exploding.</summary>
    public static readonly Figure GradientNorm = new("gradientNorm", "gradient norm", IsShare: false, IsWorseWhenLower: true);

    /// <summary>Euclidean norm of what a step changes, over that of the layer's parameters: smaller is starved, larger unsteady.</summary>
    public static readonly Figure UpdateRatio = new("updateRatio", "update ratio", IsShare: false, IsWorseWhenLower: true);

    /// <summary>Standard deviation of the layer's output: smaller is a signal that fades, larger one that blows up.</summary>
    public static readonly Figure ActivationStd = new("activationStd", "activation std", IsShare: false, IsWorseWhenLower: true);

    /// <summary>Share of units that are active for no sample of a batch.</summary>
    public static readonly Figure DeadShare = new("deadShare", "dead units", IsShare: true, IsWorseWhenLower: false);

    /// <summary>Share of outputs in the flat part of the activation.</summary>
    public static readonly Figure SaturatedShare = new("saturatedShare", "saturated outputs", IsShare: true, IsWorseWhenLower: false);

    /// <summary>All of them, in the order of a report.</summary>
    public static IReadOnlyList<Figure> All { get; } = [Loss, GradientNorm, UpdateRatio, ActivationStd, DeadShare, SaturatedShare];
}
