using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Models;

/// <summary>A small convolutional network: two convolutions with batch norm, ReLU and pooling, then a classifier.</summary>
public sealed class HealthyCnn : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = Conv2d(1, 8, 3, padding: 1);
    private readonly BatchNorm2d bn1 = BatchNorm2d(8);
    private readonly ReLU relu1 = ReLU();
    private readonly MaxPool2d pool1 = MaxPool2d(2);
    private readonly Conv2d conv2 = Conv2d(8, 16, 3, padding: 1);
    private readonly BatchNorm2d bn2 = BatchNorm2d(16);
    private readonly ReLU relu2 = ReLU();
    private readonly MaxPool2d pool2 = MaxPool2d(2);
    private readonly Flatten flatten = Flatten();
    private readonly Linear output = Linear(16 * 7 * 7, 10);

    public HealthyCnn() : base(nameof(HealthyCnn)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = input.view(-1, 1, 28, 28);
        x = pool1.call(relu1.call(bn1.call(conv1.call(x))));
        x = pool2.call(relu2.call(bn2.call(conv2.call(x))));
        return output.call(flatten.call(x));
    }
}
