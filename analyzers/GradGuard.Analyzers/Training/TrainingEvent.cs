using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>Something that decides about gradients, at one place of the source.</summary>
internal sealed class TrainingEvent(TrainingEventKind kind, Place? target, Location location) : TrainingNode(location)
{
    public TrainingEventKind Kind { get; } = kind;

    /// <summary>The optimizer, module, scheduler or tensor acted upon; null where it is not known.</summary>
    public Place? Target { get; } = target;

    /// <summary>The static type of the target.</summary>
    public ITypeSymbol? TargetType { get; init; }

    /// <summary>
    /// What the event takes in: for <see cref="TrainingEventKind.CreateOptimizer"/> and clipping the modules whose <c>parameters()</c> are given, for a module's <see cref="TrainingEventKind.ZeroGrad"/> that module,
    /// for <see cref="TrainingEventKind.CreateScheduler"/> the optimizer, for <see cref="TrainingEventKind.AssignTensor"/> the places read,
    /// for <see cref="TrainingEventKind.CreateModule"/> the modules it is built from.
    /// </summary>
    public ImmutableArray<Place> Sources { get; init; } = ImmutableArray<Place>.Empty;

    /// <summary>True where <see cref="Sources"/> is all there is; false where something else may be among them.</summary>
    public bool SourcesAreComplete { get; init; }

    /// <summary>Details of a <see cref="TrainingEventKind.CreateOptimizer"/>.</summary>
    public OptimizerCreation? Creation { get; init; }

    /// <summary>For an <see cref="TrainingEventKind.AttachMonitor"/>: what becomes of the monitor, null where that is not known.</summary>
    public MonitorLife? Monitor { get; init; }

    /// <summary>For a <see cref="TrainingEventKind.Backward"/>: the loss is computed by the very expression, not read from somewhere.</summary>
    public bool IsComputedHere { get; init; }

    /// <summary>This event as a caller sees it.</summary>
    public TrainingEvent Rebase(Place? receiver, IReadOnlyDictionary<ISymbol, Place?> arguments) =>
        With(Target?.Rebase(receiver, arguments), Sources.Select(source => source.Rebase(receiver, arguments)));

    /// <summary>This event of a class, as it was for the object that holds <paramref name="member"/>.</summary>
    public TrainingEvent Beside(Place member) => With(member, Sources.Select(member.Beside));

    private TrainingEvent With(Place? target, IEnumerable<Place> sources) => new(Kind, target, Location)
    {
        TargetType = TargetType,
        Sources = sources.ToImmutableArray(),
        SourcesAreComplete = SourcesAreComplete,
        Creation = Creation,
        Monitor = Monitor,
        IsComputedHere = IsComputedHere,
    };
}

/// <summary>An optimizer as it was made.</summary>
/// <param name="TypeName">Its class: <c>Adam</c>, <c>SGD</c>.</param>
/// <param name="LearningRate">The <c>lr</c> argument where it is a constant, otherwise null.</param>
/// <param name="LearningRateLocation">Where that argument stands.</param>
internal sealed record OptimizerCreation(string TypeName, double? LearningRate, Location? LearningRateLocation);

internal enum TrainingEventKind
{
    /// <summary><c>forward</c> or <c>call</c> of a module that is not a loss.</summary>
    Forward,
    Backward,

    /// <summary>Gradients divided by a constant or known scale.</summary>
    Unscale,

    /// <summary><c>clip_grad_norm_</c>, <c>clip_grad_value_</c>.</summary>
    Clip,

    /// <summary>Gradients clamped, or scaled by a computed factor, by hand.</summary>
    HandWrittenClip,

    /// <summary>Gradients replaced or changed by hand in another way.</summary>
    WriteGradient,
    OptimizerStep,

    /// <summary><c>zero_grad()</c> of an optimizer or a module.</summary>
    ZeroGrad,

    /// <summary>Gradients zeroed or set to null by hand.</summary>
    HandWrittenZero,
    SchedulerStep,
    CreateOptimizer,
    CreateScheduler,

    /// <summary>A module built anew: assigned from a creation.</summary>
    CreateModule,

    /// <summary>A module place that holds the same object as another.</summary>
    AliasModule,

    /// <summary>A module moved to a device or data type: its parameters may be replaced.</summary>
    MoveModule,
    Train,
    Eval,

    /// <summary><c>train(x)</c> with a mode that is not known.</summary>
    UnknownMode,

    /// <summary>A tensor place gets a value.</summary>
    AssignTensor,

    /// <summary><c>requires_grad_()</c> or <c>requires_grad = true</c>.</summary>
    RequireGradient,

    /// <summary>A tensor is added onto a place: <c>total += loss</c>.</summary>
    AccumulateTensor,

    /// <summary>Native memory given back by hand: <c>Dispose()</c>, a <c>using</c> tensor, a dispose scope's own methods.</summary>
    FreeMemory,

    /// <summary><c>no_grad()</c> or <c>inference_mode()</c> whose result nobody disposes.</summary>
    DropGradMode,

    /// <summary>GradGuard's monitor begins to watch a model.</summary>
    AttachMonitor,

    /// <summary>GradGuard's monitor reads the gradients.</summary>
    Observe,

    /// <summary>Code that cannot be seen and might do any of the above.</summary>
    Opaque,
}
