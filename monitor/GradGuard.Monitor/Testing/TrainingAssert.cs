using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Testing;

/// <summary>Assertions on training, for a test of any framework: a failure is a failed assertion in xunit, NUnit and MSTest.</summary>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple overloads with optional parameters", Justification = "They differ in a required parameter: no call can mean two of them.")]
public static class TrainingAssert
{
    /// <summary>Trains <paramref name="model"/> for some steps and fails where the monitor finds a fault, or where it could not look.</summary>
    /// <param name="model">The model, in training mode, as the step trains it.</param>
    /// <param name="step">One training step. It calls <see cref="GradientMonitor.Observe"/> after backward and before the optimizer's step.</param>
    /// <param name="steps">How many steps; at least 20 to see units die, 200 to see a loss stand still.</param>
    /// <param name="options">What counts as a failure, and how the monitor looks; defaults otherwise.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <returns>What was seen, and what was not. Already completed: the steps run before this returns, and a failure is thrown at once.</returns>
    /// <exception cref="TrainingAssertException">
    /// Training is not healthy, or nothing shows that it is. In an NUnit or MSTest process it is the inner exception of that framework's own.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Task<MonitorSummary> IsHealthy(
        nn.Module model, Action<GradientMonitor> step, int steps = 200, TrainingAssertOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        using var check = new HealthCheck(model, steps, options);
        for (var done = 0; done < steps; done++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            step(check.Monitor);
            check.StepEnded();
        }

        return Task.FromResult(check.Conclude());
    }

    /// <summary>As <see cref="IsHealthy(nn.Module, Action{GradientMonitor}, int, TrainingAssertOptions?, CancellationToken)"/>, for a step that awaits: await the result.</summary>
    /// <param name="model">The model, in training mode, as the step trains it.</param>
    /// <param name="step">One training step. It calls <see cref="GradientMonitor.Observe"/> after backward and before the optimizer's step.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="options">What counts as a failure, and how the monitor looks; defaults otherwise.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <returns>What was seen, and what was not.</returns>
    /// <exception cref="TrainingAssertException">Training is not healthy, or nothing shows that it is.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<MonitorSummary> IsHealthy(
        nn.Module model, Func<GradientMonitor, Task> step, int steps = 200, TrainingAssertOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        using var check = new HealthCheck(model, steps, options);
        for (var done = 0; done < steps; done++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await step(check.Monitor);
            check.StepEnded();
        }

        return check.Conclude();
    }

    /// <summary>
    /// As <see cref="IsHealthy(nn.Module, Action{GradientMonitor}, int, TrainingAssertOptions?, CancellationToken)"/>, with the plain step written
    /// here: <c>zero_grad</c>, the loss, <c>backward</c>, <c>step</c>.
    /// </summary>
    /// <param name="model">The model, in training mode.</param>
    /// <param name="optimizer">The optimizer of its parameters.</param>
    /// <param name="loss">
    /// The loss of a step, counted from 0: a scalar. It runs in a dispose scope of its own; what is meant to outlive the step is detached from it.
    /// </param>
    /// <param name="steps">How many steps.</param>
    /// <param name="options">What counts as a failure, and how the monitor looks; defaults otherwise.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <returns>What was seen, and what was not. Already completed.</returns>
    /// <exception cref="TrainingAssertException">Training is not healthy, or nothing shows that it is.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Task<MonitorSummary> IsHealthy(
        nn.Module model, optim.Optimizer optimizer, Func<int, Tensor> loss, int steps = 200, TrainingAssertOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        var step = 0;
        return IsHealthy(model, Step, steps, options, cancellationToken);

        void Step(GradientMonitor monitor)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var value = loss(step++);
            value.backward();
            monitor.Observe(value);
            optimizer.step();
        }
    }
}
