using GradGuard.Monitor.Alerting;
using GradGuard.Monitor.Detection;
using Microsoft.Extensions.Logging;

namespace GradGuard.Monitor;

/// <content>From a finding to those who are told of it.</content>
public sealed partial class GradientMonitor
{
    /// <summary>Alerts held at most; a run of months must not grow by them.</summary>
    private const int HeldAlerts = 1000;

    private readonly List<Alert> _alerts = [];
    private readonly SortedDictionary<string, int> _alertCounts = new(StringComparer.Ordinal);
    private readonly Queue<Alert> _toRaise = new();
    private Alert[]? _alertsGiven;
    private AlertGate _gate;

    /// <summary>Alerts raised up to now, in order: the last 1,000. A list given earlier stays as it was. <see cref="Summary"/> counts all, and <c>alerts.jsonl</c> holds them.</summary>
    public IReadOnlyList<Alert> Alerts
    {
        get
        {
            Settle();
            return _alertsGiven ??= [.. _alerts];
        }
    }

    /// <summary>True once an alert met <see cref="AlertAction.Stop"/>: leave the training loop.</summary>
    public bool StopRequested { get; private set; }

    /// <summary>
    /// Raised for each alert, inside <see cref="Observe"/>. What a handler throws goes to the training loop. What only the losses of steps
    /// that are not read tell is told up to 15 steps late, or by <see cref="Complete"/>; what readings tell in their own step, once somebody listens.
    /// </summary>
    public event EventHandler<Alert>? AlertRaised;

    private AlertGate NewGate() => new(_options.AlertCooldown, _options.EscalateAfter, _options.Mutes);

    private void Admit(Finding found, long step)
    {
        if (_gate.Admit(found, step) is not { } admitted)
            return;
        var finding = RecurrenceContext.Add(admitted, _reader, step, _steps - 1);
        Add(new Alert(finding.Id, finding.Severity, finding.Layer, step, finding.Message, finding.Advice, finding.Evidence));
    }

    private void Add(Alert alert)
    {
        if (_alerts.Count == HeldAlerts)
            _alerts.RemoveAt(0);
        _alerts.Add(alert);
        _alertsGiven = null;
        _alertCounts[alert.Id] = _alertCounts.GetValueOrDefault(alert.Id) + 1;
        _toRaise.Enqueue(alert);
        _log?.Append(RunDocumentFactory.Alert(alert));
        var level = alert.Severity == AlertSeverity.Info ? LogLevel.Information : LogLevel.Warning;
        _logger.Log(level, "{Alert} {Advice}", alert, alert.Advice);
    }

    private void RaiseAlerts(bool mayThrow = true)
    {
        while (_toRaise.TryDequeue(out var alert))
        {
            var acts = alert.Severity >= _options.ActOn;
            StopRequested |= acts && _options.OnAlert == AlertAction.Stop;
            AlertRaised?.Invoke(this, alert);
            if (mayThrow && acts && _options.OnAlert == AlertAction.Throw)
                throw new GradientAlertException(alert);
        }
    }

    private void Disable(Exception fault)
    {
        if (_faulted)
            return;
        _faulted = true;
        Report("stopped watching after an internal fault; training goes on", fault);
    }

    /// <summary>A fault of the monitor's own, told once each and never thrown.</summary>
    private void Report(string what, Exception fault)
        => Add(new Alert("GG9013", AlertSeverity.Info, "", Math.Max(0, _steps - 1), $"the monitor {what}: {fault.Message.ReplaceLineEndings(" ").TrimEnd(' ', '.')}",
            "Training is not affected. Please report an internal fault with this message; check path and disk for a write failure.",
            new Dictionary<string, double>()));
}
