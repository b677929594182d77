using GradGuard.Monitor.Testing;
using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Testing;

/// <summary>A run that shows nothing is no healthy run: the failure says what is missing.</summary>
public sealed class NothingToSeeTests : IDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly ClusterTraining training = new(1, Models.Mlp);

    public void Dispose() => training.Dispose();

    [Fact]
    public async Task AStepThatNeverObservesFailsAtOnce()
    {
        await Fails("step 1 of 200 did not call monitor.Observe(loss)", _ => training.Step(null), steps: 200);
        Assert.Equal(1, training.Steps);
    }

    [Fact]
    public Task SoDoesOneThatObservesNowAndThenOnly()
        => Fails("step 8 of 50 did not call monitor.Observe(loss)", monitor => training.Step(training.Steps == 7 ? null : monitor));

    [Fact]
    public Task SoDoesOneThatEndsTheMonitor() => Fails("step 3 of 50 did not call monitor.Observe(loss)", monitor =>
    {
        if (training.Steps == 2)
            monitor.Complete();
        training.Step(monitor);
    });

    [Fact]
    public Task ALossThatIsNotOfThisModelFails()
    {
        using var other = new ClusterTraining(2, Models.Mlp);
        return Fails("no gradient reached the model", monitor => other.Step(monitor));
    }

    [Fact]
    public Task ObservingWhereGradientsAreGoneFails() => Fails("no gradient reached the model", monitor =>
    {
        using var scope = NewDisposeScope();
        var loss = training.Loss();
        loss.backward();
        training.Optimizer.step();
        training.Optimizer.zero_grad();
        monitor.Observe(loss);
    });

    [Fact]
    public Task AModelThatIsFrozenThroughoutFails()
    {
        foreach (var parameter in training.Model.parameters())
            parameter.requires_grad = false;
        var somewhereElse = nn.Parameter(ones(1));
        return Fails("no parameter of the model is trainable", monitor =>
        {
            using var scope = NewDisposeScope();
            var loss = (training.Loss() * somewhereElse).mean();
            loss.backward();
            monitor.Observe(loss);
        });
    }

    [Fact]
    public Task EvaluationModeFails()
    {
        training.Model.eval();
        return Fails("is the model in eval()?", training.Step);
    }

    [Fact]
    public Task ALossThatIsNoNumberFails() => Fails("no loss was read", monitor =>
    {
        using var scope = NewDisposeScope();
        training.Optimizer.zero_grad();
        var loss = training.Loss();
        loss.backward();
        monitor.Observe(loss.expand(2));
        training.Optimizer.step();
    });

    [Fact]
    public Task TooFewStepsFail() => Fails("too little was seen: 19 steps were read, and dead units need 20", training.Step, steps: 19);

    [Fact]
    public Task TooFewReadingsFail() => Fails(
        "too little was seen: 10 steps were read, and dead units need 20", training.Step, steps: 100,
        new TrainingAssertOptions { Monitor = new GradientMonitorOptions { SampleEvery = 10 } });

    [Fact]
    public async Task LayersThatHooksDoNotReachFailUnlessThatIsAccepted()
    {
        using var hidden = new ClusterTraining(1, static () => new PastHooks());
        var failure = await Assert.ThrowsAsync<TrainingAssertException>(() => TrainingAssert.IsHealthy(hidden.Model, hidden.Step, steps: 30, cancellationToken: Cancellation));
        Assert.Contains("not evaluated: hidden: it was never run through call()", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not evaluated: head", failure.Message, StringComparison.Ordinal);
        Assert.Empty(failure.Alerts);

        using var accepted = new ClusterTraining(1, static () => new PastHooks());
        await TrainingAssert.IsHealthy(accepted.Model, accepted.Step, steps: 30, new TrainingAssertOptions { Ignore = [new AlertMute("GG9011", "hidden")] }, Cancellation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ANaNLossFailsWhereverItComesFrom(int seed)
    {
        using var broken = new ClusterTraining(seed, Models.Mlp);
        void Step(GradientMonitor monitor)
        {
            using var scope = NewDisposeScope();
            broken.Optimizer.zero_grad();
            var loss = broken.Loss() * (broken.Steps == 23 ? double.NaN : 1);
            loss.backward();
            monitor.Observe(loss);
            broken.Optimizer.step();
        }

        var failure = await Assert.ThrowsAsync<TrainingAssertException>(() => TrainingAssert.IsHealthy(broken.Model, Step, steps: 30, cancellationToken: Cancellation));
        Assert.Equal(["GG9001"], failure.Alerts.Where(alert => alert.Severity == AlertSeverity.Critical).Select(alert => alert.Id));
    }

    [Fact]
    public Task ANaNLossIsNeverAccepted() => Fails("the loss was NaN or infinite at step 22", monitor =>
    {
        using var scope = NewDisposeScope();
        training.Optimizer.zero_grad();
        var loss = training.Loss() * (training.Steps == 23 ? double.NaN : 1);
        loss.backward();
        monitor.Observe(loss);
        training.Optimizer.step();
    }, options: new TrainingAssertOptions { Ignore = [new AlertMute("*")] });

    [Fact]
    public async Task AFaultOfTheMonitorIsNoHealthyRun()
    {
        // A module that cannot be listed any more: what the monitor does about its own faults is tested elsewhere, here only that it shows.
        using var model = new Unlistable();
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        void Step(GradientMonitor monitor)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = model.call(ones(2, 3)).square().mean();
            loss.backward();
            model.IsBroken = true;
            monitor.Observe(loss);
            model.IsBroken = false;
            optimizer.step();
        }

        var failure = await Assert.ThrowsAsync<TrainingAssertException>(() => TrainingAssert.IsHealthy(model, Step, steps: 30, cancellationToken: Cancellation));
        Assert.Contains("not evaluated: the monitor stopped watching after an internal fault", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTheStepThrowsComesThrough()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(
            () => TrainingAssert.IsHealthy(training.Model, (Action<GradientMonitor>)(_ => throw new InvalidDataException("bad file")), cancellationToken: Cancellation));
        Assert.Equal("bad file", error.Message);
    }

    [Fact]
    public async Task CancellationEndsItBeforeTheNextStep()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainingAssert.IsHealthy(training.Model, monitor =>
        {
            training.Step(monitor);
            if (training.Steps == 3)
                stop.Cancel();
        }, cancellationToken: stop.Token));
        Assert.Equal(3, training.Steps);
    }

    [Fact]
    public async Task BadArgumentsAreNamed()
    {
        await Assert.ThrowsAsync<ArgumentNullException>("model", () => TrainingAssert.IsHealthy(null!, training.Step, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>("step", () => TrainingAssert.IsHealthy(training.Model, (Action<GradientMonitor>)null!, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>("step", () => TrainingAssert.IsHealthy(training.Model, (Func<GradientMonitor, Task>)null!, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>("optimizer", () => TrainingAssert.IsHealthy(training.Model, null!, _ => training.Loss(), cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>("loss", () => TrainingAssert.IsHealthy(training.Model, training.Optimizer, null!, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("steps", () => TrainingAssert.IsHealthy(training.Model, training.Step, steps: 0, cancellationToken: Cancellation));
    }

    private async Task Fails(string because, Action<GradientMonitor> step, int steps = 50, TrainingAssertOptions? options = null)
    {
        var failure = await Assert.ThrowsAsync<TrainingAssertException>(() => TrainingAssert.IsHealthy(training.Model, step, steps, options, Cancellation));
        Assert.True(failure.Message.Contains(because, StringComparison.Ordinal), failure.Message);
    }

    /// <summary>Runs a layer past its hooks, in a build without instrumentation.</summary>
    private sealed class PastHooks : nn.Module<Tensor, Tensor>
    {
        private readonly Linear hidden = nn.Linear(32, 16);
        private readonly Linear head = nn.Linear(16, 4);

        public PastHooks() : base(nameof(PastHooks)) => RegisterComponents();

        public override Tensor forward(Tensor input) => head.call(hidden.forward(input).relu());
    }

    private sealed class Unlistable : nn.Module<Tensor, Tensor>
    {
        private readonly Linear only = nn.Linear(3, 2);

        public Unlistable() : base(nameof(Unlistable)) => RegisterComponents();

        public bool IsBroken { get; set; }

        public override Tensor forward(Tensor input) => only.call(input);

        public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            => IsBroken ? throw new InvalidOperationException("broken on purpose") : base.named_parameters(recurse);
    }
}
