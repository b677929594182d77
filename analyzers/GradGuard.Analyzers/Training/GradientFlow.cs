namespace GradGuard.Analyzers.Training;

/// <summary>What the gradients of one optimizer's parameters may be, a bit each.</summary>
[Flags]
internal enum GradientState : uint
{
    None = 0,

    /// <summary>As the caller left them.</summary>
    Entry = 1 << 0,

    /// <summary>Zeroed since the last backward.</summary>
    Zeroed = 1 << 1,

    /// <summary>From a backward, not clipped since.</summary>
    Fresh = 1 << 2,

    /// <summary>From a backward and clipped.</summary>
    Clipped = 1 << 3,

    /// <summary>Consumed by a step and still there.</summary>
    Spent = 1 << 4,

    /// <summary>Zeroed after a backward that no step has consumed.</summary>
    Erased = 1 << 5,

    /// <summary>As the caller left them, then clipped.</summary>
    EntryClipped = 1 << 6,

    /// <summary>After code that cannot be seen, or a change by hand.</summary>
    Unknown = 1 << 7,
}

/// <summary>Follows the gradients that one optimizer consumes along every path of a training loop.</summary>
internal sealed class GradientFlow : PathAnalysis
{
    private readonly TrainingOrder _loop;
    private readonly TrainingEvent _step;

    /// <param name="loop">The loop to run over.</param>
    /// <param name="step">A step of the optimizer in question.</param>
    public GradientFlow(TrainingOrder loop, TrainingEvent step)
    {
        _loop = loop;
        _step = step;
        Run(loop.Root, (uint)GradientState.Entry);
    }

    /// <summary>What the gradients may be when <paramref name="happening"/> is reached.</summary>
    public GradientState StatesAt(TrainingEvent happening) => (GradientState)Before(happening);

    /// <inheritdoc />
    protected override uint Next(uint state, TrainingEvent happening) => (uint)Next((GradientState)state, happening);

    private GradientState Next(GradientState state, TrainingEvent happening) => happening.Kind switch
    {
        TrainingEventKind.Backward => GradientState.Fresh,
        TrainingEventKind.OptimizerStep => _loop.SameOptimizer(happening, _step) ? GradientState.Spent : state,
        TrainingEventKind.Clip or TrainingEventKind.HandWrittenClip => AfterClip(state, happening),
        TrainingEventKind.ZeroGrad or TrainingEventKind.HandWrittenZero => AfterZero(state, happening),
        TrainingEventKind.WriteGradient or TrainingEventKind.Opaque => GradientState.Unknown,
        _ => state,
    };

    private GradientState AfterClip(GradientState state, TrainingEvent clip) => state switch
    {
        _ when _loop.ActsOn(clip, _step) is false => state,
        GradientState.Fresh => GradientState.Clipped,
        GradientState.Entry => GradientState.EntryClipped,
        _ => state,
    };

    private GradientState AfterZero(GradientState state, TrainingEvent zero) => _loop.ActsOn(zero, _step) switch
    {
        false => state,
        true when state is GradientState.Fresh or GradientState.Clipped or GradientState.Erased => GradientState.Erased,
        true => GradientState.Zeroed,
        null => GradientState.Unknown,
    };
}
