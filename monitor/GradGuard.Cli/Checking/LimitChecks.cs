using System.Globalization;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Checking;

/// <summary>One check for each limit that a policy sets.</summary>
internal sealed class LimitChecks(Policy policy, RunHeader header, RunFigures figures, RunFindings findings)
{
    private readonly Limits _limits = policy.Limits;

    public IEnumerable<Check> All() => new[] { InactiveShare(), SaturatedShare(), UpdateRatio(), FinalLoss(), NonFiniteLosses() }.OfType<Check>();

    private Check? InactiveShare() => _limits.InactiveShare is not { } most ? null : Judge(
        "limits.inactiveShare", "Units that are active for no sample", "no layer's units were counted",
        Layers(figures.InactiveShares).Select(layer => layer.Values.Least > most
            ? Violation(layer.Output.Blamed, $"{Share(layer.Values.Least)} or more of the units of '{layer.Output.Layer}' were active for no sample in each of {Span(layer.Values)}; the limit is {Share(most)}")
            : null));

    private Check? SaturatedShare() => _limits.SaturatedShare is not { } most ? null : Judge(
        "limits.saturatedShare", "Saturated outputs", "no activation with flat ends was seen",
        Layers(figures.SaturatedShares).Select(layer => layer.Values.Median > most
            ? Violation(layer.Output.Blamed, $"{Share(layer.Values.Median)} of the outputs of '{layer.Output.Layer}' are saturated, the median of {Span(layer.Values)}; the limit is {Share(most)}")
            : null));

    private Check? UpdateRatio()
    {
        if (_limits is { LeastUpdateRatio: null, LargestUpdateRatio: null })
            return null;
        var (least, most) = (_limits.LeastUpdateRatio ?? 0, _limits.LargestUpdateRatio ?? double.PositiveInfinity);
        return Judge(
            "limits.updateRatio", "Updates over weights", "no update was read",
            figures.UpdateRatios.Where(update => !IsExempt(header.LayerOf(update.Key)) && !IsExempt(update.Key)).OrderBy(update => update.Key, StringComparer.Ordinal)
                .Select(update => update.Value.Median is var median && (median < least || median > most)
                    ? Violation(header.LayerOf(update.Key), $"updates of '{update.Key}' are {Number(median)} of its norm, the median of {Span(update.Value)}; the limit is {(median < least ? $"{Number(least)} at least" : $"{Number(most)} at most")}")
                    : null));
    }

    private Check? FinalLoss() => _limits.FinalLoss is not { } most ? null : Judge(
        "limits.finalLoss", "Loss at the end", "no loss was a single number",
        figures.Losses.Count == 0 ? [] : [!figures.Losses.AreFinite
            ? Violation("", $"the loss is NaN or infinite in {Span(figures.Losses)}; the limit is {Number(most)}")
            : figures.Losses.Median > most ? Violation("", $"the loss is {Number(figures.Losses.Median)}, the median of {Span(figures.Losses)}; the limit is {Number(most)}") : null]);

    private Check? NonFiniteLosses() => _limits.NonFiniteLosses is not { } most ? null : Judge(
        "limits.nonFiniteLosses", "Losses of NaN or infinity", "no loss was a single number",
        figures.Losses.Count == 0 ? [] : [figures.NonFiniteLosses > most
            ? Violation("", $"the loss was NaN or infinite in {figures.NonFiniteLosses} steps, first in step {figures.FirstNonFiniteLoss}; the limit is {most}")
            : null]);

    /// <param name="id">Key in the policy.</param>
    /// <param name="title">What is limited.</param>
    /// <param name="nothing">Why there was nothing to judge.</param>
    /// <param name="judged">What was judged: a message, or null where the limit is kept.</param>
    private Check Judge(string id, string title, string nothing, IEnumerable<(string Layer, string Message)?> judged)
    {
        var all = judged.ToList();
        var broken = all.OfType<(string Layer, string Message)>().Select(violation => findings.OfLimit(id, title, violation.Layer, violation.Message)).ToList();
        if (all.Count > 0)
            return new(id, title, broken.Count > 0 ? Outcome.Failed : Outcome.Passed, broken);
        return policy.Require.LimitsJudged
            ? new(id, title, Outcome.Failed, [findings.OfLimit(id, title, "", $"the limit could not be judged: {nothing}")])
            : new(id, title, Outcome.NotEvaluated, []) { Reason = nothing };
    }

    private IEnumerable<(LayerOutput Output, RecentValues Values)> Layers(IReadOnlyDictionary<LayerOutput, RecentValues> values) => values
        .Where(layer => !IsExempt(layer.Key.Layer) && !IsExempt(layer.Key.Blamed))
        .Select(layer => (layer.Key, layer.Value));

    private bool IsExempt(string name) => Wildcards.MatchAny(_limits.Except, name);

    private static (string Layer, string Message)? Violation(string layer, string message) => (layer, message);

    private static string Span(RecentValues values) => values.Count == 1 ? $"step {values.LastStep} alone" : $"the last {values.Count} that were read, up to step {values.LastStep}";

    private static string Share(double share) => share.ToString("0.#%", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("G3", CultureInfo.InvariantCulture);
}
