using GradGuard.SampleModels.Datasets;
using GradGuard.SampleModels.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace GradGuard.SampleModels.Catalogue;

/// <summary>Every sample, broken models before their twins.</summary>
public static class SampleCatalogue
{
    private static readonly FashionMnist Images = new();
    private static readonly AddingProblem Adding = new(length: 40);

    /// <summary>The samples that the tour trains: three pairs.</summary>
    public static IReadOnlyList<Sample> Tour => [.. TourNames.Select(name => Find(name)!)];

    private static readonly string[] TourNames =
        ["saturated-sigmoid", "saturated-sigmoid-fixed", "dying-relu", "dying-relu-leaky", "exploding-rnn", "exploding-rnn-clipped"];

    public static IReadOnlyList<Sample> All { get; } =
    [
        new()
        {
            Name = "saturated-sigmoid", Kind = SampleKind.Broken, Task = Images,
            Shows = "weights of std 1 over 784 inputs: sigmoids start flat at 0 or 1",
            Create = () => new SaturatedSigmoid(), Optimizer = Sgd(0.5),
            Expected = new("GG9005", "fc1"), AtCompileTime = ["GG1002"],
        },
        new()
        {
            Name = "saturated-sigmoid-fixed", Kind = SampleKind.Fixed, Task = Images,
            Shows = "the same network with Xavier weights",
            Create = () => new SaturatedSigmoidFixed(), Optimizer = Sgd(0.5),
        },
        new()
        {
            Name = "vanishing-tanh", Kind = SampleKind.Broken, Task = Images,
            Shows = "seven tanh layers with weights of std 0.02: the gradient dies on its way to the first",
            Create = () => new VanishingTanh(), Optimizer = Sgd(0.1),
            Expected = new("GG9003", "layers.0"), AtCompileTime = ["GG1003"],
        },
        new()
        {
            Name = "vanishing-tanh-fixed", Kind = SampleKind.Fixed, Task = Images,
            Shows = "the same network with Xavier weights",
            Create = () => new VanishingTanhFixed(), Optimizer = Sgd(0.1),
        },
        new()
        {
            Name = "deep-sigmoid", Kind = SampleKind.Broken, Task = Images,
            Shows = "seven sigmoid layers: each costs the gradient a factor of four or more",
            Create = () => new DeepSigmoid(), Optimizer = Sgd(0.1),
            Expected = new("GG9003", "fc1"), AtCompileTime = ["GG2002"],
        },
        new()
        {
            Name = "deep-sigmoid-fixed", Kind = SampleKind.Fixed, Task = Images,
            Shows = "the same depth with ReLU and Kaiming weights",
            Create = () => new DeepSigmoidFixed(), Optimizer = Sgd(0.1),
        },
        new()
        {
            Name = "dying-relu", Kind = SampleKind.Broken, Task = Images,
            Shows = "a bias of -8 before ReLU: units that no image can wake",
            Create = () => new DyingRelu(), Optimizer = Adam(0.002),
            Expected = new("GG9004", "fc1"), AtCompileTime = ["GG1005"],
        },
        new()
        {
            Name = "dying-relu-leaky", Kind = SampleKind.Fixed, Task = Images,
            Shows = "the same bias before LeakyReLU",
            Create = () => new DyingReluLeaky(), Optimizer = Adam(0.002),
        },
        new()
        {
            Name = "dying-relu-prelu", Kind = SampleKind.Fixed, Task = Images,
            Shows = "the same bias before PReLU",
            Create = () => new DyingReluPRelu(), Optimizer = Adam(0.002),
        },
        new()
        {
            Name = "exploding-rnn", Kind = SampleKind.Broken, Task = Images,
            Shows = "a recurrence over 28 rows with a spectral radius of 2 and no clipping",
            Create = () => new ExplodingRnn(), Optimizer = Sgd(0.1), Steps = 250,
            Expected = new("GG9009", "rnn"), AtCompileTime = ["GG1007", "GG3001"],
        },
        new()
        {
            Name = "exploding-rnn-clipped", Kind = SampleKind.Fixed, Task = Images,
            Shows = "orthogonal recurrent weights, gradient clipped to norm 1",
            Create = () => new ExplodingRnnClipped(), Optimizer = Sgd(0.1), Steps = 250,
        },
        new()
        {
            Name = "exploding-rnn-lstm", Kind = SampleKind.Fixed, Task = Images,
            Shows = "an LSTM in its place",
            Create = () => new ExplodingRnnLstm(), Optimizer = Adam(0.003),
        },
        new()
        {
            Name = "vanishing-rnn", Kind = SampleKind.Broken, Task = Adding,
            Shows = "a tanh cell over 40 steps of the adding problem: the first half is out of reach",
            Create = () => new VanishingRnn(), Optimizer = Adam(0.01), ClipNorm = 1, Steps = 400,
            Expected = new("GG9009", "cell"),
        },
        new()
        {
            Name = "vanishing-rnn-lstm", Kind = SampleKind.Fixed, Task = Adding,
            Shows = "an LSTM cell whose gates start open",
            Create = () => new VanishingRnnLstm(), Optimizer = Adam(0.01), ClipNorm = 1, Steps = 400,
        },
        new()
        {
            Name = "hand-written-sigmoid", Kind = SampleKind.Broken, Task = Images,
            Shows = "1/(1+exp(-a)) over weights of std 1, written by hand: exp overflows, the gradient is NaN",
            Create = () => new HandWrittenSigmoid(), Optimizer = Sgd(0.1),
            Expected = new("GG9001", ""), AtCompileTime = ["GG2001"],
        },
        new()
        {
            Name = "hand-written-sigmoid-fixed", Kind = SampleKind.Fixed, Task = Images,
            Shows = "weights divided by the root of the fan-in",
            Create = () => new HandWrittenSigmoidFixed(), Optimizer = Sgd(0.1),
        },
        new()
        {
            Name = "hand-written-relu", Kind = SampleKind.Broken, Task = Images,
            Shows = "max(0, W·x + b) written by hand with a bias of -8: units that no image can wake",
            Create = () => new HandWrittenRelu(), Optimizer = Sgd(0.1),
            Expected = new("GG9004", ""), AtCompileTime = ["GG1005"],
        },
        new()
        {
            Name = "hand-written-relu-fixed", Kind = SampleKind.Fixed, Task = Images,
            Shows = "the same layer with a bias of zero",
            Create = () => new HandWrittenReluFixed(), Optimizer = Sgd(0.1),
        },
        new()
        {
            Name = "hand-written-recurrence", Kind = SampleKind.Broken, Task = Images,
            Shows = "a loop over its own W_hh: the gradient grows fourfold per step",
            Create = () => new HandWrittenRecurrence(), Optimizer = Sgd(0.1), Steps = 250,
            Expected = new("GG9002", ""), AtCompileTime = ["GG3002"],
        },
        new()
        {
            Name = "hand-written-recurrence-fixed", Kind = SampleKind.Fixed, Task = Images,
            Shows = "the same loop over an orthogonal W_hh, gradient clipped to norm 1",
            Create = () => new HandWrittenRecurrenceFixed(), Optimizer = Sgd(0.1), Steps = 250, ClipNorm = 1,
        },
        new()
        {
            Name = "tiny-steps", Kind = SampleKind.Broken, Task = Images,
            Shows = "a sound network under a learning rate a hundred thousand times too small",
            Create = () => new HealthyMlp(), Optimizer = Sgd(1e-6), Steps = 300,
            Expected = new("GG9006", ""),
        },
        new()
        {
            Name = "tiny-steps-fixed", Kind = SampleKind.Fixed, Task = Images,
            Shows = "the same network under a learning rate of 0.1",
            Create = () => new HealthyMlp(), Optimizer = Sgd(0.1), Steps = 300,
        },
        new()
        {
            Name = "poor-start", Kind = SampleKind.Broken, Task = Images,
            Shows = "weights of std 1 before ReLU: a first loss of thousands, which the run spends itself on undoing",
            Create = () => new PoorStart(), Optimizer = Sgd(1e-5),
            Expected = new("GG9010", "fc1"), AtCompileTime = ["GG1002"],
        },
        new()
        {
            Name = "poor-start-fixed", Kind = SampleKind.Fixed, Task = Images,
            Shows = "the same network with Kaiming weights",
            Create = () => new PoorStartFixed(), Optimizer = Sgd(0.1),
        },
        new()
        {
            Name = "tight-clipping", Kind = SampleKind.Broken, Task = Images,
            Shows = "a sound network whose gradient is clipped to a norm of 0.004 in every step",
            Create = () => new HealthyMlp(), Optimizer = Sgd(0.1), Steps = 320, ClipNorm = 0.004,
            Expected = new("GG9012", ""),
        },
        new()
        {
            Name = "tight-clipping-fixed", Kind = SampleKind.Fixed, Task = Images,
            Shows = "the same network under a limit of 5, which cuts spikes alone",
            Create = () => new HealthyMlp(), Optimizer = Sgd(0.1), Steps = 320, ClipNorm = 5,
        },
        new()
        {
            Name = "healthy-mlp", Kind = SampleKind.Healthy, Task = Images,
            Shows = "a multilayer perceptron with ReLU and dropout",
            Create = () => new HealthyMlp(), Optimizer = Adam(0.001),
        },
        new()
        {
            Name = "healthy-cnn", Kind = SampleKind.Healthy, Task = Images,
            Shows = "two convolutions with batch norm",
            Create = () => new HealthyCnn(), Optimizer = Adam(0.003),
        },
        new()
        {
            Name = "healthy-lstm", Kind = SampleKind.Healthy, Task = Images,
            Shows = "a two-layer LSTM over the rows of an image",
            Create = () => new HealthyLstm(), Optimizer = Adam(0.003), ClipNorm = 1,
        },
        new()
        {
            Name = "healthy-transformer", Kind = SampleKind.Healthy, Task = Images,
            Shows = "two attention blocks over the rows of an image",
            Create = () => new HealthyTransformer(), Optimizer = Adam(0.002),
        },
    ];

    /// <summary>The sample of that name, null if there is none.</summary>
    public static Sample? Find(string name) => All.FirstOrDefault(sample => sample.Name == name);

    private static Func<IEnumerable<Parameter>, Optimizer> Sgd(double learningRate) => parameters => SGD(parameters, learningRate);

    private static Func<IEnumerable<Parameter>, Optimizer> Adam(double learningRate) => parameters => optim.Adam(parameters, learningRate);
}
