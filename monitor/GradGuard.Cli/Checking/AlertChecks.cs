using GradGuard.Cli.Analysis;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Checking;

/// <summary>One check for each alert there is: which of a run's alerts fail, are told, or are ignored.</summary>
internal sealed class AlertChecks(Policy policy, RunFindings findings)
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

        return new(id, AlertCatalogue.Titles.GetValueOrDefault(id, "Alert of a later monitor"), fails ? Outcome.Failed : Outcome.Passed, told) { Ignored = ignored };
    }

    private AlertAction ActionOn(RunAlert alert) =>
        policy.Alerts.FirstOrDefault(rule => rule.Matches(alert.Id, alert.Layer)) is { } rule ? rule.Action
            : (int)alert.Severity >= (int)policy.FailOn ? AlertAction.Fail
            : AlertAction.Report;
}
