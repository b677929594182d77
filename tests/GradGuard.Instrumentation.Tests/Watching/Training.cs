using GradGuard.Instrumentation.Tests.Compiling;
using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Instrumentation.Tests.Watching;

/// <summary>Trains for a few steps under watch.</summary>
internal static class Training
{
    /// <summary>Trains a model of three classes, and returns its monitor, completed.</summary>
    public static GradientMonitor Run(nn.Module<Tensor, Tensor> model, int steps = 3, string? directory = null, Func<Tensor>? input = null, double rate = 0.01)
    {
        var monitor = GradientMonitor.Attach(model, new() { SampleEvery = 1, RunDirectory = directory });
        using var optimizer = optim.SGD(model.parameters(), rate);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var batch = input?.Invoke() ?? randn(32, 6);
            var loss = nn.functional.cross_entropy(model.forward(batch), randint(0, 3, [batch.shape[0]]));
            optimizer.zero_grad();
            loss.backward();
            monitor.Observe(loss);
            optimizer.step();
        }

        monitor.Complete();
        Assert.DoesNotContain(monitor.Alerts, static alert => alert.Id == "GG9013");
        return monitor;
    }

    /// <summary>The layers that a training of one step records, in the order of the forward pass.</summary>
    public static IReadOnlyList<string> Layers(nn.Module<Tensor, Tensor> model)
    {
        var directory = Directory.CreateTempSubdirectory("gradguard-");
        try
        {
            return RunDirectory.Layers(Run(model, steps: 1, Path.Combine(directory.FullName, "run")).RunDirectory!);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
