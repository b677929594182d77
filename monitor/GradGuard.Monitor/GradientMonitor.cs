using static TorchSharp.torch;

namespace GradGuard.Monitor;

/// <summary>
/// Watches a model while it trains: reads gradients, updates and activations on sampled steps and raises an <see cref="Alert"/>
/// with layer, cause and advice. Parameters end up bit for bit as they would without it.
/// </summary>
/// <remarks>Not thread-safe: use it from the thread that trains.</remarks>
public sealed class GradientMonitor : IDisposable
{
    private readonly List<Alert> _alerts = [];
    private long _steps;

    private GradientMonitor()
    {
    }

    /// <summary>Alerts raised so far, in order.</summary>
    public IReadOnlyList<Alert> Alerts => _alerts;

    /// <summary>Where this run is written; <see langword="null"/> when nothing is.</summary>
    public string? RunDirectory { get; }

    /// <summary>True once an alert met <see cref="AlertAction.Stop"/>: leave the training loop.</summary>
    public bool StopRequested { get; private set; }

    /// <summary>Raised for each alert, inside <see cref="Observe"/>.</summary>
    public event EventHandler<Alert>? AlertRaised { add { } remove { } }

    /// <summary>Starts watching <paramref name="model"/>.</summary>
    /// <param name="model">The model that will be trained, called through <c>call</c> (TorchSharp skips hooks on <c>forward</c>).</param>
    /// <param name="options">Settings; defaults otherwise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public static GradientMonitor Attach(nn.Module model, GradientMonitorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (options ?? new GradientMonitorOptions()).Validate();
        return new GradientMonitor();
    }

    /// <summary>Reads the step: call it after backward, unscaling and clipping, before the optimizer consumes the gradients.</summary>
    /// <param name="loss">The loss that was differentiated; a scalar tensor.</param>
    /// <exception cref="GradientAlertException">An alert was raised and <see cref="GradientMonitorOptions.OnAlert"/> is <see cref="AlertAction.Throw"/>.</exception>
    public void Observe(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        _steps++;
    }

    /// <summary>What was seen so far, what was not, and what it cost.</summary>
    public MonitorSummary Summary() => new()
    {
        Steps = _steps,
        SampledSteps = 0,
        MonitorTime = TimeSpan.Zero,
        RunTime = TimeSpan.Zero,
        AlertCounts = new Dictionary<string, int>(),
        NotEvaluated = [new NotEvaluated("", "no detector is built in yet")],
        SkippedTensors = 0,
    };

    /// <summary>Ends the run: detaches from the model and writes the summary. Later calls do nothing.</summary>
    public void Complete()
    {
    }

    /// <summary>Same as <see cref="Complete"/>.</summary>
    public void Dispose() => Complete();
}
