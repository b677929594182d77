using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Monitor;
using GradGuard.Monitor.Recording;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>How a training run is watched.</summary>
internal enum Watching
{
    /// <summary>Not at all.</summary>
    Off,

    /// <summary>Not at all either: a second run like the first. How far its ratio is from 1 is what the measurement cannot tell.</summary>
    Control,

    /// <summary>GradGuard with its default options, writing a run directory.</summary>
    Default,

    /// <summary>GradGuard reading everything on every step, writing a run directory.</summary>
    EveryStep,

    /// <summary>Reading alone: see <see cref="ReadOnceMonitor"/>.</summary>
    ReadOnce,

    /// <summary>What one writes by hand: see <see cref="HandWrittenMonitor"/>.</summary>
    HandWritten,

    /// <summary>By hand, but with nearly all figures that GradGuard reads: see <see cref="ThoroughHandWrittenMonitor"/>.</summary>
    ThoroughlyHandWritten,
}

/// <summary>One training run of a workload, watched in one way.</summary>
internal sealed class Trainee : IDisposable
{
    /// <summary>Answers to the one batch, in turn: it can't be learnt by heart, after which its gradients would be too small to be like any other's.</summary>
    private const int Answers = 64;

    /// <summary>Share of the answers that is the same each time: of a run that learns nothing the monitor says so, and looks closer than it does at others.</summary>
    private const double Learnable = 0.5;

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _input;
    private readonly Tensor[] _targets;
    private int _steps;
    private readonly TrainingClock? _clock;
    private readonly GradientMonitor? _monitor;
    private readonly HandWritten? _handWritten;

    /// <param name="workload">What to train; parameters and batch are the same for each way of watching.</param>
    /// <param name="watching">How it is watched.</param>
    /// <param name="runDirectory">Where the monitor writes.</param>
    public Trainee(Workload workload, Watching watching, string runDirectory)
        : this(workload, watching, runDirectory, new TrainingClock())
    {
    }

    private Trainee(Workload workload, Watching watching, string runDirectory, TrainingClock clock)
        : this(workload, watching switch
        {
            Watching.Default => new GradientMonitorOptions { RunDirectory = runDirectory, Clock = clock },
            Watching.EveryStep => new GradientMonitorOptions { RunDirectory = runDirectory, SampleEvery = 1, Clock = clock },
            _ => null,
        })
    {
        _clock = clock;
        _handWritten = watching switch
        {
            Watching.ReadOnce => new ReadOnceMonitor(_model),
            Watching.HandWritten => new HandWrittenMonitor(_model),
            Watching.ThoroughlyHandWritten => new ThoroughHandWrittenMonitor(_model),
            _ => null,
        };
    }

    private Trainee(Workload workload, GradientMonitorOptions? watched)
    {
        manual_seed(1);
        _model = workload.Build();
        _input = workload.Input();
        _targets = Targets(workload);
        _optimizer = optim.Adam(_model.parameters(), 1e-3);
        _monitor = watched is null ? null : GradientMonitor.Attach(_model, watched);
    }

    /// <summary>Steps trained so far.</summary>
    public int Steps => _steps;

    /// <summary>Time spent in the monitor's own calls so far, its hooks included; zero where there is none.</summary>
    private TimeSpan OwnTime => _monitor?.OwnTime ?? _handWritten?.OwnTime ?? TimeSpan.Zero;

    /// <summary>Trains for some steps.</summary>
    /// <param name="workload">What to train.</param>
    /// <param name="watched">How the monitor watches; null for no monitor.</param>
    /// <param name="steps">How many steps.</param>
    /// <returns>All parameters at the end.</returns>
    public static float[] Parameters(Workload workload, GradientMonitorOptions? watched, int steps)
    {
        using var trainee = new Trainee(workload, watched);
        for (var step = 0; step < steps; step++)
            trainee.Step();
        return FinalParameters.Of(trainee._model);
    }

    /// <summary>Trains for some steps.</summary>
    /// <param name="steps">How many.</param>
    /// <param name="clock">Seconds since some moment.</param>
    /// <returns>The steps, by the clock.</returns>
    public TimedStep[] Train(int steps, Func<double> clock)
    {
        var times = new TimedStep[steps];
        _clock?.Start();
        for (var step = 0; step < steps; step++)
        {
            var (read, own) = (_monitor?.Reads ?? default, OwnTime);
            var start = clock();
            Step();
            times[step] = new(clock() - start, (OwnTime - own).TotalSeconds, DepthSince(read));
        }

        _clock?.Stop();
        return times;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _monitor?.Dispose();
        _handWritten?.Dispose();
        _optimizer.Dispose();
        _model.Dispose();
        _input.Dispose();
        foreach (var targets in _targets)
            targets.Dispose();
    }

    private static Tensor[] Targets(Workload workload)
    {
        using var scope = NewDisposeScope();
        var truth = randint(0, workload.Classes, [1, workload.Targets]);
        var noise = randint(0, workload.Classes, [Answers, workload.Targets]);
        var answers = where(rand(Answers, workload.Targets).lt(Learnable), truth, noise);
        return [.. answers.unbind().Select(static targets => targets.DetachFromDisposeScope())];
    }

    private ReadingDepth DepthSince(ReadingCounts before) => _monitor?.Reads is not { } now ? ReadingDepth.Nothing
        : now.Everything > before.Everything ? ReadingDepth.Everything
        : now.Activations > before.Activations ? ReadingDepth.Activations
        : now.Norms > before.Norms ? ReadingDepth.Norms
        : ReadingDepth.Nothing;

    private void Step()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(_model.call(_input), _targets[_steps++ % Answers]);
        loss.backward();
        _monitor?.Observe(loss);
        _handWritten?.Observe();
        _optimizer.step();
    }
}
