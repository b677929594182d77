using GradGuard.Monitor.Instrumentation;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

// What the generator of GradGuard.Instrumentation would write of these classes. It does not run over this project, so that the numbers stand here to be read.
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.LargeStart", "fc1", 32d, 60d, 339.4d, double.NaN, double.NaN, 0.01d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.LargeStart", "norm", double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, false, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.LargeStart", "out", 64d, 0.072d, 0.42d, double.NaN, double.NaN, 1d, false, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.LargeMiddle", "fc1", 32d, 0.102d, 0.59d, double.NaN, 0d, 0.1d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.LargeMiddle", "fc2", 64d, 14.4d, 48d, double.NaN, 0d, 0.16d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.LargeMiddle", "out", 64d, 0.072d, 20d, double.NaN, double.NaN, 1d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.PlainStart", "fc1", 32d, 0.102d, 0.59d, double.NaN, 0d, 0.05d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.PlainStart", "fc2", 64d, 0.072d, 0.25d, double.NaN, 0d, 0.16d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.PlainStart", "out", 64d, 0.072d, 0.13d, double.NaN, double.NaN, 1d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.KaimingStart", "fc1", 32d, 0.25d, 1.42d, double.NaN, 0d, 0.16d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.KaimingStart", "fc2", 64d, 0.177d, 1.42d, double.NaN, 0d, 0.16d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.KaimingStart", "out", 64d, 0.072d, 0.59d, double.NaN, double.NaN, 1d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.SmallStart", "fc1", 32d, 0.002d, 0.012d, double.NaN, 0d, 7.5e-5d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.SmallStart", "fc2", 64d, 0.0014d, 0.0015d, double.NaN, 0d, 0.16d, true, false)]
[assembly: LayerPrediction("GradGuard.Monitor.Tests.Training.SmallStart", "out", 64d, 0.072d, 0.07d, double.NaN, double.NaN, 1d, true, false)]

namespace GradGuard.Monitor.Tests.Training;

/// <summary>A perceptron of three layers.</summary>
internal abstract class Perceptron : Module<Tensor, Tensor>
{
    protected readonly Linear fc1 = Linear(32, 64);
    protected readonly Linear fc2 = Linear(64, 64);
    protected readonly Linear @out = Linear(64, 4);

    protected Perceptron()
        : base("perceptron")
    {
    }

    public override Tensor forward(Tensor input) => @out.call(fc2.call(fc1.call(input).relu()).relu());

    protected static void Scale(Linear layer, double factor)
    {
        using var mode = no_grad();
        layer.weight!.mul_(factor);
    }
}

/// <summary>As TorchSharp makes it.</summary>
internal sealed class PlainStart : Perceptron
{
    public PlainStart() => RegisterComponents();
}

/// <summary>Two layers keep the size of the signal.</summary>
internal sealed class KaimingStart : Perceptron
{
    public KaimingStart()
    {
        init.kaiming_normal_(fc1.weight!);
        init.kaiming_normal_(fc2.weight!);
        RegisterComponents();
    }
}

/// <summary>The second layer is far too large.</summary>
internal sealed class LargeMiddle : Perceptron
{
    public LargeMiddle()
    {
        Scale(fc2, 200);
        RegisterComponents();
    }
}

/// <summary>Two layers are so small that no gradient gets through.</summary>
internal sealed class SmallStart : Perceptron
{
    public SmallStart()
    {
        Scale(fc1, 0.02);
        Scale(fc2, 0.02);
        RegisterComponents();
    }
}

/// <summary>The first layer is far too large, and a norm takes care of it; the last one is not as the code made it.</summary>
internal sealed class LargeStart : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(32, 64);
    private readonly BatchNorm1d norm = BatchNorm1d(64);
    private readonly Linear @out = Linear(64, 4);

    public LargeStart()
        : base("large")
    {
        init.normal_(fc1.weight!, 0, 60);
        init.normal_(@out.weight!, 0, 0.3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => @out.call(norm.call(fc1.call(input)).tanh());
}
