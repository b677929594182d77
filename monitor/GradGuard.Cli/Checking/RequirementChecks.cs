using System.Globalization;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Checking;

/// <summary>One check for each requirement of a policy. What is asked for and cannot be told fails.</summary>
internal sealed class RequirementChecks(Requirements required, RunDirectory run, RunFigures figures, RunFindings findings)
{
    private const string Unfinished = "the run has no summary.json: it goes on, or was killed";

    public IEnumerable<Check> All() => new[] { Steps(), Complete(), SeenLayers(), NoHiddenCode(), Evaluated() }.OfType<Check>();

    private Check? Steps() => required.Steps == 0 ? null : Judge(
        "require.steps", "Steps", figures.Steps < required.Steps ? [("", $"{figures.Steps} steps are recorded, and {required.Steps} are required")] : []);

    private Check? Complete() => !required.Complete ? null : Judge("require.complete", "The run came to its end", run.Summary is null ? [("", Unfinished)] : []);

    private Check? SeenLayers()
    {
        if (required.SeenLayers is not { } least)
            return null;
        var paths = run.Header.Layers.Select(layer => layer.Path).Where(path => path.Length > 0).ToList();
        var leaves = paths.Where(path => !paths.Any(other => other.StartsWith(path + ".", StringComparison.Ordinal))).ToList();
        var unseen = leaves.Where(path => !figures.SeenLayers.Contains(path)).ToList();
        var share = leaves.Count == 0 ? 1 : 1 - ((double)unseen.Count / leaves.Count);
        return Judge("require.seenLayers", "Layers that were seen to run", share < least
            ? [.. unseen.Select(path => (path, string.Create(CultureInfo.InvariantCulture, $"it was never seen to run, one of {unseen.Count} in {leaves.Count} layers; {least:0.#%} are required")))]
            : []);
    }

    private Check? NoHiddenCode() => !required.NoHiddenCode ? null : Judge(
        "require.noHiddenCode", "No code is hidden from the monitor",
        run.Summary is not { } summary ? [("", Unfinished)] : [.. summary.Code.Hidden.Select(hidden => ("", $"{hidden.Where} is not seen: {hidden.Reason}"))]);

    private Check? Evaluated() => required.Evaluated.Count == 0 ? null : Judge(
        "require.evaluated", "What must be judged",
        run.Summary is not { } summary ? [("", Unfinished)]
            : [.. summary.NotEvaluated.Where(missing => Wildcards.MatchAny(required.Evaluated, missing.Layer) || Wildcards.MatchAny(required.Evaluated, missing.Id))
                .Select(missing => (missing.Layer, $"{missing.Id} was not looked for: {missing.Reason}"))]);

    private Check Judge(string id, string title, IReadOnlyList<(string Layer, string Message)> broken) => new(
        id, title, broken.Count > 0 ? Outcome.Failed : Outcome.Passed,
        [.. broken.Select(violation => findings.OfLimit(id, title, violation.Layer, violation.Message))]);
}
