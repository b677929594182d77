using GradGuard.Benchmarks.Detection.Faults;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>A fault and how many programs of each set are to have it.</summary>
internal sealed record FaultKind(Func<Fault> Make, int Programs);

/// <summary>All faults.</summary>
internal static class FaultCatalogue
{
    /// <summary>In the order of the tables.</summary>
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new(() => new LargeInit(20, everywhere: true), 6),
        new(() => new LargeInit(50, everywhere: false), 8),
        new(() => new SmallInit(0.02), 7),
        new(() => new SaturatingDepth(9), 5),
        new(() => new DeadBias(-12, everywhere: false), 4),
        new(() => new DeadBias(-30, everywhere: true), 3),
        new(() => new HighRate(300), 7),
        new(() => new LowRate(1e-4), 7),
        new(() => new ExplodingRecurrence(4), 8),
        new(() => new VanishingRecurrence(0.05), 4),
        new(() => new SoftmaxBeforeCrossEntropy(), 9),
        new(() => new UndefinedOperation(UndefinedOperation.Kind.Log), 2),
        new(() => new UndefinedOperation(UndefinedOperation.Kind.Sqrt), 2),
        new(() => new UndefinedOperation(UndefinedOperation.Kind.Standardise), 2),
        new(() => new UndefinedLoss(), 4),
        new(() => new CorruptedBatch(missing: true), 6),
        new(() => new CorruptedBatch(missing: false), 6),
        new(() => new Detached(), 5),
        new(() => new NeverCalled(), 3),
        new(() => new MissingZeroGrad(), 8),
        new(() => new AlwaysClipped(1e-3), 5),
        new(() => new WrongLossScale(1e-4), 6),
        new(() => new WrongLossScale(1e3), 5),
        new(() => new RawInputs(), 9),
    ];
}
