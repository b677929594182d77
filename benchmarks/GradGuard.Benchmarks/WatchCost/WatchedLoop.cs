using GradGuard.Benchmarks.StepTime;
using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.WatchCost;

/// <summary>How much of each step the monitor takes.</summary>
internal enum Taken
{
    /// <summary>There is no monitor.</summary>
    Nothing,

    /// <summary>There is none either: what two equal runs differ by is no cost of watching.</summary>
    NothingEither,

    /// <summary>The loss and one gradient: a step that is not read, where holding outputs would cost too much.</summary>
    Loss,

    /// <summary>Outputs are held besides, so that the first NaN finds its producer.</summary>
    Outputs,

    /// <summary>Everything is read.</summary>
    Everything,
}

/// <summary>
/// One training run that is watched now in one way and now in another: the same parameters at the same addresses, since where a model lies in
/// memory moves its step by more than the monitor does.
/// </summary>
internal sealed class WatchedLoop : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _input;
    private readonly Tensor _targets;
    private GradientMonitor? _monitor;

    /// <param name="workload">What to train.</param>
    public WatchedLoop(Workload workload)
    {
        _model = workload.Build();
        _input = workload.Input();
        _targets = randint(0, workload.Classes, [workload.Targets]);
        _optimizer = optim.Adam(_model.parameters(), 1e-4);
        ModuleCalls = 1 + _model.named_modules().Count();
    }

    /// <summary>Calls of modules in a step, the model's own among them: each module of these models is called once.</summary>
    public int ModuleCalls { get; }

    /// <summary>Trains for some steps watched in one way, and measures the last of them.</summary>
    /// <param name="taken">How.</param>
    /// <param name="settling">Steps before those that are measured: past the ones that are always read.</param>
    /// <param name="times">A buffer, one place for each step that is measured.</param>
    public StepCost Measure(Taken taken, int settling, double[] times)
    {
        var options = taken switch
        {
            // A budget that nothing fits into: no output is held, and the steps that are read all the same are too few to move a median.
            Taken.Loss => new GradientMonitorOptions { OverheadBudget = 1e-9 },
            Taken.Outputs => new GradientMonitorOptions { SampleEvery = int.MaxValue },
            Taken.Everything => new GradientMonitorOptions { SampleEvery = 1 },
            _ => null,
        };
        _monitor = options is null ? null : GradientMonitor.Attach(_model, options);
        for (var step = 0; step < settling; step++)
            Step();
        var cost = StepCost.Of(Step, times);
        _monitor?.Dispose();
        return cost;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
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
        _optimizer.step();
    }
}
