using GradGuard.Cli.Analysis;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Checking;

/// <summary>One check for each alert there is: which of a run's alerts fail, are told, or are ignored, and which could not have been raised.</summary>
/// <param name="policy">What to do about them.</param>
/// <param name="summary">Says what was not looked for; null where the run has none.</param>
/// <param name="findings">Makes findings of them.</param>
internal sealed class AlertChecks(Policy policy, RunSummary? summary, RunFindings findings)
{
    /// <summary>By number, those without an alert included.</summary>
    public IEnumerable<Check> Of(IEnumerable<RunAlert> alerts)
    {
        var byId = alerts.Select((alert, index) => (Alert: alert, Line: index + 1)).ToLookup(line => line.Alert.Id);
        return AlertCatalogue.Titles.Keys.Union(byId.Select(same => same.Key)).Order(StringComparer.Ordinal).Select(id => Of(id, byId[id]));
    }

    private Check Of(string id, IEnumerable<(RunAlert Alert, int Line)> alerts)
    {
        var (told, fails, ignored) = (new List<Finding>(), false, 0);
        foreach (var (alert, line) in alerts)
        {
            var action = ActionOn(alert);
            fails |= action == AlertAction.Fail;
            if (action == AlertAction.Ignore)
                ignored++;
            else
                told.Add(findings.OfAlert(alert, line));
        }

        var reason = told.Count + ignored > 0 ? "" : NotLookedFor(id);
        var outcome = fails ? Outcome.Failed : reason.Length > 0 ? Outcome.NotEvaluated : Outcome.Passed;
        return new(id, AlertCatalogue.TitleOf(id), outcome, told) { Ignored = ignored, Reason = reason };
    }

    /// <summary>Why there could be no such alert anywhere in the model; empty where it was looked for.</summary>
    private string NotLookedFor(string id) => summary is null ? "the run has no summary, which would say whether it was looked for"
        : string.Join("; ", summary.NotEvaluated.Where(missing => missing.Id == id && missing.Layer.Length == 0).Select(missing => missing.Reason).Distinct());

    private AlertAction ActionOn(RunAlert alert) =>
        policy.Alerts.FirstOrDefault(rule => rule.Matches(alert.Id, alert.Layer)) is { } rule ? rule.Action
            : (int)alert.Severity >= (int)policy.FailOn ? AlertAction.Fail
            : AlertAction.Report;
}
