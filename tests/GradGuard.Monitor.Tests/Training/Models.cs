using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Training;

/// <summary>Models whose health is known beforehand.</summary>
internal static class Models
{
    public static Sequential Mlp() => Sequential(
        ("fc1", Linear(32, 64)), ("relu1", ReLU()), ("fc2", Linear(64, 64)), ("relu2", ReLU()), ("fc3", Linear(64, 4)));

    public static Sequential MlpWithDropout() => Sequential(
        ("fc1", Linear(32, 64)), ("relu1", ReLU()), ("drop", Dropout(0.3)), ("norm", BatchNorm1d(64)), ("fc2", Linear(64, 4)));

    public static Sequential Cnn() => Sequential(
        ("conv1", Conv2d(1, 8, 3, padding: 1)), ("norm1", BatchNorm2d(8)), ("relu1", ReLU()), ("pool1", MaxPool2d(2)),
        ("conv2", Conv2d(8, 16, 3, padding: 1)), ("norm2", BatchNorm2d(16)), ("relu2", ReLU(inplace: true)), ("pool2", MaxPool2d(2)),
        ("flat", Flatten()), ("fc", Linear(16 * 4, 4)));

    /// <summary>Shape of the CNN's input: 64 features as an 8 by 8 image.</summary>
    public static Tensor AsImage(Tensor batch) => batch.view(-1, 1, 8, 8);

    /// <summary>Features as a sequence of two values a step.</summary>
    public static Tensor AsSequence(Tensor batch) => batch.view(batch.shape[0], -1, 2);

    /// <summary>Layers of Linear and an activation, each initialised by <paramref name="init"/>.</summary>
    public static Sequential Deep(int depth, int width, Func<Module<Tensor, Tensor>> activation, Action<Linear> init)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var index = 1; index <= depth; index++)
        {
            layers.Add(($"fc{index}", Initialised(Linear(index == 1 ? 32 : width, width), init)));
            layers.Add(($"act{index}", activation()));
        }

        layers.Add(("out", Linear(width, 4)));
        return Sequential(layers.ToArray());
    }

    public static Linear Initialised(Linear layer, Action<Linear> init)
    {
        using var scope = no_grad();
        init(layer);
        return layer;
    }
}

/// <summary>Reads a sequence with a recurrent layer and classifies its last state.</summary>
internal sealed class Reader : Module<Tensor, Tensor>
{
    private readonly Module rnn;
    private readonly Func<Tensor, Tensor> last;
    private readonly Linear head;

    public Reader(Module rnn, Func<Tensor, Tensor> last, int hidden)
        : base(nameof(Reader))
    {
        this.rnn = rnn;
        this.last = last;
        head = Linear(hidden, 4);
        RegisterComponents();
    }

    public static Reader Rnn(int hidden, double? recurrentStd, NonLinearities nonLinearity = NonLinearities.Tanh)
    {
        var rnn = RNN(2, hidden, nonLinearity: nonLinearity, batchFirst: true);
        if (recurrentStd is { } std)
            init.normal_(rnn.get_weight_hh(0)!, 0, std);
        return new Reader(rnn, input => rnn.call(input).Item1, hidden);
    }

    public static Reader Lstm(int hidden)
    {
        var lstm = LSTM(2, hidden, batchFirst: true);
        return new Reader(lstm, input => lstm.call(input).Item1, hidden);
    }

    public override Tensor forward(Tensor input) => head.call(last(input).select(1, -1));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rnn.Dispose();
        base.Dispose(disposing);
    }
}
