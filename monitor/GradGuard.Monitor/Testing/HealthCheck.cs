using System.Text;
using GradGuard.Monitor.Recording;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Testing;

/// <summary>Watches the steps of one assertion and judges them at the end: by the alerts, and by whether there was anything to see.</summary>
internal sealed class HealthCheck : IDisposable
{
    /// <summary>Number that stands for what was not looked at, among the findings that can be ignored.</summary>
    private const string NotSeen = "GG9011";

    private readonly string _model;
    private readonly int _steps;
    private readonly TrainingAssertOptions _options;
    private readonly List<Alert> _alerts = [];
    private readonly HashSet<string> _trainable = [];
    private readonly HashSet<string> _layersRead = [];
    private long _observed;
    private int _ended;
    private long? _nonFiniteLoss;
    private bool _lossRead;
    private bool _gradientRead;

    /// <exception cref="ArgumentException">An argument is missing or outside its range; the message names it.</exception>
    public HealthCheck(nn.Module model, int steps, TrainingAssertOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (steps < 1)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, "steps is a number of training steps: give 1 or more.");
        _model = model.GetType().Name;
        _steps = steps;
        _options = options ?? new TrainingAssertOptions();
        Monitor = GradientMonitor.Attach(model, _options.Monitor);
        Monitor.AlertRaised += (_, alert) => _alerts.Add(alert);
        Monitor.Recorded += Take;
    }

    /// <summary>The monitor that the steps show their losses to.</summary>
    public GradientMonitor Monitor { get; }

    /// <summary>A step is over: it must have been observed.</summary>
    public void StepEnded()
    {
        _ended++;
        if (Monitor.ObservedSteps == _observed)
            throw Failure([$"step {_ended} of {_steps} did not call monitor.Observe(loss), so nothing was seen of it: call it after backward() and before the optimizer's step()"], []);
        _observed = Monitor.ObservedSteps;
    }

    /// <summary>All steps are over.</summary>
    /// <returns>What was seen of a healthy run.</returns>
    public MonitorSummary Conclude()
    {
        var summary = Monitor.Summary();
        var failing = _alerts.Where(alert => alert.Severity >= _options.FailOn && !IsIgnored(alert.Id, alert.Layer)).ToList();
        var findings = failing.Select(Told).ToList();
        if (_nonFiniteLoss is { } step && !failing.Exists(static alert => alert.Id == "GG9001"))
            findings.Add($"the loss was NaN or infinite at step {step}");
        findings.AddRange(NothingToSee(summary));
        if (findings.Count > 0)
            throw Failure(findings, failing);
        Monitor.Complete();
        return summary;
    }

    /// <inheritdoc/>
    public void Dispose() => Monitor.Dispose();

    private void Take(StepRecord record)
    {
        _lossRead |= record.Loss is not null;
        if (record.Loss is { } loss && !double.IsFinite(loss))
            _nonFiniteLoss ??= record.Step;
        foreach (var parameter in record.Parameters.Where(static parameter => parameter.RequiresGrad))
        {
            _trainable.Add(parameter.Layer);
            _gradientRead |= parameter.Gradient is { } gradient && (gradient.Norm > 0 || gradient.NonFinite > 0);
        }

        _layersRead.UnionWith(record.Layers.Select(static layer => layer.Layer.Path));
    }

    /// <summary>Why silence proves nothing in this run; nothing where it does.</summary>
    private IEnumerable<string> NothingToSee(MonitorSummary summary)
    {
        if (Monitor.IsFaulted)
        {
            yield return $"not evaluated: {_alerts.Find(static alert => alert.Id == "GG9013")?.Message}";
            yield break;
        }

        if (!_lossRead)
            yield return "no loss was read: what Observe is given has to be one floating-point number, and not disposed yet";
        if (!_gradientRead)
        {
            yield return _trainable.Count == 0
                ? "no parameter of the model is trainable"
                : "no gradient reached the model: every gradient was missing or zero whenever Observe was called; is the loss computed from this model's output, and Observe called after backward() and before zero_grad()?";
        }

        var window = _options.Monitor.Thresholds.DeadUnitWindow;
        if (Monitor.Reads.WithActivations is var read && read < window)
            yield return $"too little was seen: {read} steps were read, and dead units need {window}; raise steps, or lower SampleEvery";
        var unseen = summary.NotEvaluated.Where(missing => _trainable.Contains(missing.Layer) && missing.Layer.Length > 0 && !_layersRead.Contains(missing.Layer))
            .DistinctBy(static missing => missing.Layer).ToList();
        foreach (var missing in unseen.Where(missing => !IsIgnored(NotSeen, missing.Layer)))
            yield return $"not evaluated: {missing.Layer}: {missing.Reason}";
        if (_layersRead.Count == 0 && unseen.Count == 0 && !IsIgnored(NotSeen, ""))
            yield return "not evaluated: no layer was seen to run in training mode, with gradients, through call(): is the model in eval()?";
    }

    private bool IsIgnored(string id, string layer) => _options.Ignore.Any(mute => mute.Covers(id, layer));

    private string Told(Alert alert)
    {
        var made = Monitor.SourceOf(alert.Layer) is { } line ? $"\n    {alert.Layer} is made at {line.File}:{line.Line}" : "";
        return $"{alert}\n    {alert.Advice}{made}";
    }

    private Exception Failure(IReadOnlyList<string> findings, IReadOnlyList<Alert> alerts)
    {
        var message = new StringBuilder($"TrainingAssert.IsHealthy: '{_model}' is not known to be healthy after {_ended} of {_steps} steps:");
        foreach (var finding in findings)
            message.Append("\n  ").Append(finding);
        return AssertionFailure.Of(message.ToString(), alerts);
    }
}
