using System.Collections.Immutable;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Rules;
using GradGuard.Analyzers.Rules.Initialization;
using GradGuard.Analyzers.Rules.Loss;
using GradGuard.Analyzers.Rules.Modules;
using GradGuard.Analyzers.Rules.Recurrence;
using GradGuard.Analyzers.Rules.Saturation;
using GradGuard.Analyzers.Rules.TrainingLoop;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers;

/// <summary>Every static rule there is. A rule that is not listed here does not run.</summary>
internal static class RuleCatalogue
{
    /// <summary>Rules over what one model computes.</summary>
    public static ImmutableArray<ModelRule> ModelRules { get; } = ImmutableArray.Create<ModelRule>(
        new GG1001ConstantWeights(),
        new GG1002SpreadTooLarge(),
        new GG1003SpreadTooSmall(),
        new GG1004WrongGain(),
        new GG1005DeadBias(),
        new GG1006ZeroWeights(),
        new GG1007RecurrentSpread(),
        new GG2001UnscaledProduct(),
        new GG2002DeepSaturation(),
        new GG2003UnscaledAttention(),
        new GG2004HandWrittenActivation(),
        new GG2005ReluBeforeLoss(),
        new GG2006DeepRectifiers(),
        new GG2007LinearAfterLinear(),
        new GG3002UnscaledRecurrence(),
        new GG3003CarriedGraph(),
        new GG3004LongPlainRecurrence(),
        new GG5001DoubledActivation(),
        new GG5002SigmoidBeforeBce(),
        new GG5003RawLogits(),
        new GG5004LogOfActivation(),
        new GG5005ClampedError(),
        new GG5006GradientCut(),
        new GG5007ZeroOperand(),
        new GG5008SoftmaxOverOneUnit(),
        new GG5009BackwardTwice(),
        new GG6007WidthMismatch());

    /// <summary>Rules over the order of things in one training loop.</summary>
    public static ImmutableArray<TrainingRule> TrainingRules { get; } = ImmutableArray.Create<TrainingRule>(
        new GG3001UnclippedRecurrence(),
        new GG4001GradientsNeverZeroed(),
        new GG4002MisplacedClipping(),
        new GG4003GradientsErased(),
        new GG4004SchedulerBeforeOptimizer(),
        new GG4005GradientsOff(),
        new GG4006LearningRateOutOfRange(),
        new GG4007TotalKeepsGraph(),
        new GG4008EvaluationMode(),
        new GG4009NoDisposeScope(),
        new GG4010ForeignParameters(),
        new GG6006MonitorMisuse());

    /// <summary>Rules over how one type puts modules together and runs them.</summary>
    public static ImmutableArray<CompositionRule> CompositionRules { get; } = ImmutableArray.Create<CompositionRule>(
        new GG1008BareGroupNorm(),
        new GG6001ForwardCalled(),
        new GG6002NeverRegistered(),
        new GG6003RegisteredTooEarly(),
        new GG6004UnusedLayer(),
        new GG6005EndlessDropout());

    /// <summary>What all the rules can report, in the order of their IDs.</summary>
    public static ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = ModelRules
        .Concat<Rule>(TrainingRules)
        .Concat(CompositionRules)
        .SelectMany(rule => rule.Descriptors)
        .Distinct()
        .OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal)
        .ToImmutableArray();

    /// <summary>The same, and what is reported at the end of a compilation, where several files together prove it.</summary>
    public static ImmutableArray<DiagnosticDescriptor> LiveAndAtTheEnd { get; } = Descriptors.AddRange(ModelRules.Cast<Rule>()
        .Concat(TrainingRules)
        .Concat(CompositionRules)
        .SelectMany(rule => rule.Descriptors)
        .Distinct()
        .Select(CompilationEnd.Twin));
}
