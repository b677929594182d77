using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>How a training run is watched.</summary>
internal enum Watching
{
    /// <summary>Not at all.</summary>
    Off,

    /// <summary>GradGuard with its default options, writing a run directory.</summary>
    Default,

    /// <summary>GradGuard reading everything on every step, writing a run directory.</summary>
    EveryStep,

    /// <summary>What one writes by hand: see <see cref="HandWrittenMonitor"/>.</summary>
    HandWritten,
}

/// <summary>One training run of a workload, watched in one way.</summary>
internal sealed class Trainee : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _input;
    private readonly Tensor _targets;
    private readonly GradientMonitor? _monitor;
    private readonly HandWrittenMonitor? _handWritten;

    /// <param name="workload">What to train; parameters and batch are the same for each way of watching.</param>
    /// <param name="watching">How it is watched.</param>
    /// <param name="runDirectory">Where the monitor writes.</param>
    public Trainee(Workload workload, Watching watching, string runDirectory)
        : this(workload, watching switch
        {
            Watching.Default => new GradientMonitorOptions { RunDirectory = runDirectory },
            Watching.EveryStep => new GradientMonitorOptions { RunDirectory = runDirectory, SampleEvery = 1 },
            _ => null,
        })
        => _handWritten = watching == Watching.HandWritten ? new HandWrittenMonitor(_model) : null;

    private Trainee(Workload workload, GradientMonitorOptions? watched)
    {
        manual_seed(1);
        _model = workload.Build();
        _input = workload.Input();
        _targets = randint(0, workload.Classes, [workload.Targets]);
        _optimizer = optim.Adam(_model.parameters(), 1e-3);
        _monitor = watched is null ? null : GradientMonitor.Attach(_model, watched);
    }

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

    /// <summary>What the monitor says of itself; null where it does not watch.</summary>
    public MonitorSummary? Summary => _monitor?.Summary();

    /// <summary>Trains for some steps.</summary>
    /// <param name="steps">How many.</param>
    /// <param name="clock">Seconds since some moment.</param>
    /// <returns>Seconds they took by the clock.</returns>
    public double Train(int steps, Func<double> clock)
    {
        var start = clock();
        for (var step = 0; step < steps; step++)
            Step();
        return clock() - start;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _monitor?.Dispose();
        _handWritten?.Dispose();
        _optimizer.Dispose();
        _model.Dispose();
        _input.Dispose();
        _targets.Dispose();
    }

    private void Step()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(_model.call(_input), _targets);
        loss.backward();
        _monitor?.Observe(loss);
        _handWritten?.Observe();
        _optimizer.step();
    }
}
