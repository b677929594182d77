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
        Train(model, steps, monitor.Observe, input, rate);
        monitor.Complete();
        Assert.DoesNotContain(monitor.Alerts, static alert => alert.Id == "GG9013");
        return monitor;
    }

    /// <summary>The same training without a monitor.</summary>
    public static void Plain(nn.Module<Tensor, Tensor> model, int steps) => Train(model, steps, static _ => { }, input: null, rate: 0.01);

    private static void Train(nn.Module<Tensor, Tensor> model, int steps, Action<Tensor> observe, Func<Tensor>? input, double rate)
    {
        using var optimizer = optim.SGD(model.parameters(), rate);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var batch = input?.Invoke() ?? randn(32, 6);
            var loss = nn.functional.cross_entropy(model.forward(batch), randint(0, 3, [batch.shape[0]]));
            optimizer.zero_grad();
            loss.backward();
            observe(loss);
            optimizer.step();
        }
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
