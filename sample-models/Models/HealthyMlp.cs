using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>A multilayer perceptron as most are written: Sequential, ReLU, dropout, default weights.</summary>
public sealed class HealthyMlp : Module<Tensor, Tensor>
{
    private readonly Sequential layers = Sequential(
        ("fc1", Linear(784, 128)), ("relu1", ReLU()), ("dropout", Dropout(0.2)),
        ("fc2", Linear(128, 64)), ("relu2", ReLU()),
        ("fc3", Linear(64, 10)));

    public HealthyMlp() : base(nameof(HealthyMlp)) => RegisterComponents();

    public override Tensor forward(Tensor input) => layers.call(input);
}
