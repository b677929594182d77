using GradGuard.SampleModels.Catalogue;

namespace GradGuard.Benchmarks.Comparison;

/// <summary>The samples that the limits of <c>compare</c> were chosen on, and those that were kept aside to report on.</summary>
internal static class SampleSets
{
    /// <summary>Names of the calibration set; a pair of broken and mended belongs to the set of the mended one.</summary>
    private static readonly HashSet<string> Calibration =
    [
        "saturated-sigmoid-fixed", "deep-sigmoid-fixed", "dying-relu-leaky", "exploding-rnn-clipped",
        "hand-written-relu-fixed", "tiny-steps-fixed", "healthy-mlp", "healthy-lstm",
    ];

    /// <summary>Samples that nothing is wrong with.</summary>
    public static IReadOnlyList<Sample> Sound { get; } = [.. SampleCatalogue.All.Where(static sample => sample.Kind != SampleKind.Broken)];

    /// <summary>Each mended sample with the broken one that it is the twin of: the one whose name begins its own.</summary>
    public static IReadOnlyList<(Sample Broken, Sample Mended)> Pairs { get; } =
    [
        .. SampleCatalogue.All.Where(static sample => sample.Kind == SampleKind.Fixed).Select(static mended => (
            SampleCatalogue.All.Where(broken => broken.Kind == SampleKind.Broken && mended.Name.StartsWith(broken.Name + "-", StringComparison.Ordinal))
                .MaxBy(static broken => broken.Name.Length)!,
            mended)),
    ];

    public static string SetOf(Sample sample) => Calibration.Contains(sample.Name) ? "calibration" : "report";
}
