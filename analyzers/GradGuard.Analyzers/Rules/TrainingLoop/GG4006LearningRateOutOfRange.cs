using System.Globalization;
using GradGuard.Analyzers.Catalogue;
using GradGuard.Analyzers.Training;

namespace GradGuard.Analyzers.Rules.TrainingLoop;

/// <summary>GG4006: a constant learning rate with which the optimizer hardly ever trains. A scheduler may scale it, so then it says nothing.</summary>
internal sealed class GG4006LearningRateOutOfRange() : TrainingRule(TrainingLoopDescriptors.LearningRateOutOfRange)
{
    /// <summary>A greatest rate of the user's own, for every optimizer; 0 keeps the table's.</summary>
    private static readonly RuleOption MaxLearningRate = new("max_learning_rate", 0);

    public override void Check(TrainingContext training)
    {
        var loop = training.Loop;
        foreach (var made in loop.OfKind(TrainingEventKind.CreateOptimizer).Where(made => made.IsWrittenHere && !IsScheduled(loop, made)))
        {
            if (made.Event.Creation is not { LearningRate: { } rate, LearningRateLocation: { } location } creation
                || LearningRateRange.Of(creation.TypeName) is not { } range)
                continue;
            var greatest = training.Read(MaxLearningRate, location);
            var usual = greatest > 0 ? range with { Greatest = greatest } : range;
            if (!usual.Contains(rate))
                training.Report(new Finding(TrainingLoopDescriptors.LearningRateOutOfRange, location, Text(rate), creation.TypeName, Text(usual.Least), Text(usual.Greatest)));
        }
    }

    private static bool IsScheduled(TrainingOrder loop, Occurrence made) =>
        loop.OfKind(TrainingEventKind.CreateScheduler).Any(scheduler => scheduler.Event.Sources.IsEmpty || scheduler.Event.Sources.Any(optimizer => optimizer.Equals(made.Event.Target)));

    private static string Text(double value) => value.ToString("0.########", CultureInfo.InvariantCulture);
}
