using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.HardCases;
using GradGuard.Benchmarks.Detection.Tasks;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>The architectures and data of one set, and the programs that come of them.</summary>
internal sealed class ProgramPart(
    ProgramSet set, IReadOnlyList<OptimizerKind> optimizers, IReadOnlyList<Architecture> architectures, IReadOnlyList<LearningTask> tasks)
{
    /// <summary>Programs of each hard case.</summary>
    private const int OfEachHardCase = 4;

    private static readonly Func<HardCase>[] Hard =
    [
        () => new SparseRelu(),
        () => new FrozenBackbone(),
        () => new WarmUp(),
        () => new Restarts(),
        () => new FineTuning(),
        () => new Converged(),
        () => new TinyBatches(),
        () => new ZeroInitTails(),
        () => new Accumulation(),
        () => new WithDropout(),
        () => new Clipped(),
        () => new LabelSmoothing(),
        () => new Temperature(),
        () => new SmallHead(),
        () => new RawBehindNorm(),
    ];

    /// <summary>Which figures they count for.</summary>
    public ProgramSet Set => set;

    /// <summary>Each architecture with each task that it reads.</summary>
    public IReadOnlyList<(Architecture Architecture, LearningTask Task)> Pairs { get; } =
        [.. from architecture in architectures from task in tasks where task.Input == architecture.Input select (architecture, task)];

    /// <summary>A program, with the optimizer whose turn it is.</summary>
    public SupervisedProgram Program(Architecture architecture, LearningTask task, int turn, Variation variation)
        => new(set, architecture, task, optimizers[turn % optimizers.Count], variation);

    /// <summary>Each hard case on a few pairs, spread over the families.</summary>
    public IEnumerable<SupervisedProgram> HardCases()
    {
        foreach (var (makeCase, index) in Hard.Select(static (makeCase, index) => (makeCase, index)))
        {
            var fitting = Pairs.Where(pair => makeCase().Fits(pair.Architecture)).ToList();
            foreach (var (pair, turn) in Spread(fitting, OfEachHardCase, index))
                yield return Program(pair.Architecture, pair.Task, turn + index, makeCase());
        }
    }

    /// <summary>A fault on a few of the programs that it fits, spread over the families.</summary>
    public IEnumerable<SupervisedProgram> Faulty(FaultKind kind, int index)
    {
        var fault = kind.Make();
        var fitting = Pairs.Where(pair => optimizers.Any(optimizer => fault.Fits(pair.Architecture, pair.Task, optimizer))).ToList();
        foreach (var (pair, turn) in Spread(fitting, kind.Programs, index))
        {
            var next = Enumerable.Range(turn + index, optimizers.Count).First(next => fault.Fits(pair.Architecture, pair.Task, optimizers[next % optimizers.Count]));
            yield return Program(pair.Architecture, pair.Task, next, kind.Make());
        }
    }

    /// <summary>Some of a list at equal distances, from a place that depends on <paramref name="offset"/>.</summary>
    private static IEnumerable<(T Item, int Turn)> Spread<T>(IReadOnlyList<T> items, int count, int offset)
    {
        var take = Math.Min(count, items.Count);
        for (var turn = 0; turn < take; turn++)
            yield return (items[((turn * items.Count / take) + (offset * 3)) % items.Count], turn);
    }
}
