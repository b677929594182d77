using GradGuard.Monitor.Alerting;
using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Instrumentation;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Sampling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace GradGuard.Monitor;

/// <summary>
/// Watches a model while it trains: reads gradients, updates and activations on sampled steps and raises an <see cref="Alert"/>
/// with layer, cause and advice. Parameters end up bit for bit as they would without it.
/// </summary>
/// <remarks>Not thread-safe: use it from the thread that trains.</remarks>
public sealed partial class GradientMonitor : IDisposable
{
    /// <summary>
    /// Share of the budget that is planned for what the monitor's clock sees. The rest is for what it cannot: training finds its data pushed out of
    /// the caches after every step, about 1% of its time where a step takes 5 to 20 ms (<c>benchmarks step-time</c>).
    /// </summary>
    private const double PlannedShare = 0.6;

    private readonly GradientMonitorOptions _options;
    private readonly ILogger _logger;
    private readonly OverheadMeter _meter;
    private readonly SamplingSchedule _schedule;
    private readonly StepReader _reader;
    private readonly BudgetWatch? _budget;
    private readonly LossScaling _scale = new();
    private readonly RunLog? _log;
    private readonly IReadOnlyList<LayerPrediction>? _predictions;
    private ReadingCounts _reads;
    private ReadingDepth _nextDepth;
    private bool _wantsWholeGradients;
    private DetectorSet _detectors;
    private double _lossScale = 1;
    private long _steps;
    private bool _faulted;
    private bool _completed;

    private GradientMonitor(nn.Module model, GradientMonitorOptions options)
    {
        _options = options;
        _logger = options.LoggerFactory?.CreateLogger<GradientMonitor>() ?? (ILogger)NullLogger.Instance;
        _schedule = new SamplingSchedule(PlannedShare * options.OverheadBudget, options.SampleEvery);
        _budget = options.SampleEvery is null ? new BudgetWatch(options.OverheadBudget) : null;
        _predictions = PredictedStart.Of(model);
        _detectors = NewDetectors();
        _gate = NewGate();
        _meter = new OverheadMeter(options.Clock);
        _reader = new StepReader(model, _meter);
        PlanNext();
        if (options.RunDirectory is { } directory)
            _log = RunLog.Start(directory, RunDocumentFactory.Header(model, _reader.Layers, options), options.RecordFileBytes, fault => Report("cannot write the run directory", fault));
    }

    /// <summary>Where this run is written; <see langword="null"/> when nothing is.</summary>
    public string? RunDirectory => _log?.Directory;

    /// <summary>The state that training began in; null until the first 10 steps have been seen, and in a resumed run.</summary>
    public PreflightReport? Preflight => _detectors.Preflight;

    /// <summary>
    /// Factor that the program multiplies the loss by before backward, as training in half precision does; 1 for none. Set it whenever it
    /// changes. It is divided out of what is recorded; parameter gradients that the program has unscaled already are left alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a positive, finite number.</exception>
    public double LossScale
    {
        get => _lossScale;
        set => _lossScale = value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "LossScale is the factor that the loss is multiplied by: give a positive, finite number.");
    }

    /// <summary>Starts watching <paramref name="model"/>.</summary>
    /// <param name="model">The model that will be trained, called through <c>call</c> (TorchSharp skips hooks on <c>forward</c>).</param>
    /// <param name="options">Settings; defaults otherwise.</param>
    /// <exception cref="ArgumentException">A setting is outside its range; the message names it.</exception>
    public static GradientMonitor Attach(nn.Module model, GradientMonitorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new GradientMonitorOptions();
        options.Validate();
        return new GradientMonitor(model, options);
    }

    /// <summary>Reads the step: call it after backward, unscaling and clipping, before the optimizer consumes the gradients.</summary>
    /// <param name="loss">The loss that was differentiated; a scalar tensor.</param>
    /// <exception cref="GradientAlertException">An alert was raised and <see cref="GradientMonitorOptions.OnAlert"/> is <see cref="AlertAction.Throw"/>.</exception>
    public void Observe(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (_completed)
            return;
        var step = _steps++;
        var start = _meter.Now();
        var depth = _nextDepth;
        try
        {
            if (!_faulted)
                Take(step, loss, depth);
            if (_reader.HookFault is { } fault)
                Disable(fault);
        }
        catch (Exception fault)
        {
            Disable(fault);
        }

        _clipping = null;
        _meter.Add(start);
        if (_meter.EndStep() is { } cost)
        {
            _schedule.StepEnded(step, depth, cost.Own, cost.Training);
            WatchBudget(step, cost.Own, cost.Training);
        }

        PlanNext();
        RaiseAlerts();
    }

    /// <summary>What was seen so far, what was not, and what it cost.</summary>
    public MonitorSummary Summary()
    {
        Settle();
        return new()
        {
            Steps = _steps,
            SampledSteps = _reads.Sampled,
            MonitorTime = _meter.OwnTime,
            RunTime = _meter.RunTime,
            AlertCounts = new Dictionary<string, int>(_alertCounts),
            NotEvaluated = Coverage.NotEvaluated(_reader, new(_steps, _reads, Preflight is not null, _faulted, _scale.Undeclared), _options.Thresholds),
            Code = Coverage.OfCode(_reader),
            SkippedTensors = _reader.SkippedTensors,
        };
    }

    /// <summary>Ends the run: detaches from the model and writes the summary. Later calls do nothing.</summary>
    public void Complete()
    {
        if (_completed)
            return;
        _completed = true;
        Settle();
        _log?.Complete(RunDocumentFactory.Summary(Summary()));
        _log?.Dispose();
        _reader.Dispose();
        RaiseAlerts(mayThrow: false);
    }

    /// <summary>Same as <see cref="Complete"/>.</summary>
    public void Dispose() => Complete();

    private DetectorSet NewDetectors() => new(_options.Thresholds, _predictions);

    private void Take(long step, Tensor loss, ReadingDepth depth)
    {
        if (depth == ReadingDepth.Nothing && _reader.IsQuiet(loss, out var value))
        {
            Wait(new(step, value, _clipping));
            return;
        }

        var reading = _reader.Read(step, loss, depth, _lossScale, _clipping);
        _reads = _reads.With(depth);
        if (MayWait(reading))
        {
            Wait(new(step, reading.Loss, reading.Clipping, reading));
            return;
        }

        TakeWaiting();
        Take(reading.ToRecord());
        _log?.Flush();
    }

    private void Take(StepRecord read)
    {
        var record = _scale.Remove(read);
        var hadPreflight = Preflight is not null;
        var findings = _detectors.Inspect(record).ToList();
        if (findings.Count > 0 || (record.Sampled && _detectors.IsSuspicious))
            _schedule.Suspect(_steps - 1);
        _log?.Append(record);
        Recorded?.Invoke(record);
        if (!hadPreflight && Preflight is { } preflight)
            _log?.Write(RunDocumentFactory.Preflight(preflight));
        foreach (var finding in findings)
            Admit(finding, record.Step);
    }

    private void WatchBudget(long step, double own, double training)
    {
        if (_budget?.StepEnded(own, training) is not { } share)
            return;
        Settle();
        Admit(BudgetFinding.Of(share, _options.OverheadBudget), step);
    }

    /// <summary>Settles how the coming step is read, before its forward pass: what waiting steps tell in the middle of it comes too late for that.</summary>
    private void PlanNext()
    {
        _nextDepth = _schedule.DepthOf(_steps);

        // A run of a fixed interval repeats exactly: when steps are judged depends on the clock, but not what has been judged at a round's end.
        if (_options.SampleEvery is null || EndsRound(_steps - 1))
            _wantsWholeGradients = _detectors.WantsWholeGradients;
        var plan = _faulted ? CapturePlan.Idle : _nextDepth switch
        {
            ReadingDepth.Everything => CapturePlan.Gradients,
            ReadingDepth.Activations => CapturePlan.Outputs,
            _ => _schedule.MayTrace ? CapturePlan.Trace : CapturePlan.Idle,
        };
        _reader.PlanNext(plan, whole: _schedule.IsDense(_steps), thorough: _schedule.IsThorough(_steps), wholeGradients: _schedule.ReadsGradientsWhole(_steps) || _wantsWholeGradients);
    }
}
