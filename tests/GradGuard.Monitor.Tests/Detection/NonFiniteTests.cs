using GradGuard.Monitor.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>The first NaN or infinity is traced to what produced it, also on steps that are not read.</summary>
public sealed class NonFiniteTests
{
    public static TheoryData<int> SampleEvery => [1, 7];

    [Theory]
    [MemberData(nameof(SampleEvery))]
    public void ABadBatchIsBlamedOnTheInput(int every)
    {
        var bad = false;
        var alert = Only(new TrainingRun
        {
            Options = new() { SampleEvery = every },
            Steps = 20,
            BeforeForward = step => bad = step == 10,
            Input = batch => bad ? batch / zeros(1) : batch.alias(),
        }.Train(Models.Mlp));
        Assert.Equal(10, alert.Step);
        Assert.Equal("", alert.Layer);
        Assert.Contains("input", alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SampleEvery))]
    public void TokensHoldNoNaNWhateverIsMadeOfThem(int every)
    {
        TokenClassifier? model = null;
        var alert = Only(new TrainingRun
        {
            Options = new() { SampleEvery = every },
            Steps = 21,
            Input = static batch => batch.argmax(1),
            BeforeForward = step => model!.Divisor = step == 20 ? 0 : 1,
        }.Train(() => model = new TokenClassifier()));
        Assert.Equal(("norm", 20L), (alert.Layer, alert.Step));
    }

    [Theory]
    [MemberData(nameof(SampleEvery))]
    public void ALayerThatMakesInfinityOfFiniteValuesIsTheProducer(int every)
    {
        var alert = Only(new TrainingRun { Options = new() { SampleEvery = every }, Steps = 6 }.Train(
            () => Sequential(("fc1", Linear(32, 16)), ("log", new Logarithm()), ("fc2", Linear(16, 4)))));
        Assert.Equal(("log", 0L), (alert.Layer, alert.Step));
        Assert.Contains("1 more only pass it on", alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SampleEvery))]
    public void AnUpdateThatOverflowsIsBlamedOnTheWeights(int every)
    {
        Sequential? model = null;
        var alert = Only(new TrainingRun
        {
            Options = new() { SampleEvery = every },
            Steps = 14,
            BeforeForward = step =>
            {
                using var off = no_grad();
                if (step == 9)
                    model!.get_parameter("fc2.weight")!.mul_(float.PositiveInfinity);
            },
        }.Train(() => model = Models.Mlp()));
        Assert.Equal(("fc2", 9L), (alert.Layer, alert.Step));
        Assert.Contains("update", alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 21, "update")] // Every step is read, and blocks stand for the gradient.
    [InlineData(32, 32, "backward")] // Every step is read, this one thoroughly.
    public void ANaNInOneElementOfALargeGradientIsSeenAStepLaterAtMost(int step, int seen, string message)
    {
        Sequential? model = null;
        var alert = Only(new TrainingRun
        {
            Options = new() { SampleEvery = 1 },
            Steps = step + 3,
            BeforeObserve = now =>
            {
                if (now == step)
                    model!.get_parameter("fc2.weight")!.grad![200, 11] = float.NaN;
            },
        }.Train(() => model = Sequential(("fc1", Linear(32, 256)), ("relu", ReLU()), ("fc2", Linear(256, 256)), ("relu2", ReLU()), ("fc3", Linear(256, 4)))));
        Assert.Equal(("fc2", (long)seen), (alert.Layer, alert.Step));
        Assert.Contains(message, alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SampleEvery))]
    public void ASlopeThatIsNotFiniteIsFoundInBackward(int every)
    {
        var alert = Only(new TrainingRun { Options = new() { SampleEvery = every }, Steps = 3 }.Train(
            () => Sequential(("fc1", Linear(32, 16)), ("root", new RootOfZero()), ("fc2", Linear(16, 4)))));
        Assert.Equal(("fc1", 0L), (alert.Layer, alert.Step));
        Assert.Contains("backward", alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 7)]
    [InlineData(20, 1)]
    [InlineData(20, 5)]
    [InlineData(20, 7)]
    public void ASlopeThatIsNotFiniteBehindAnActivationIsToldByTheActivation(int step, int every)
    {
        // Read with the gradients by all outputs, with those by layers alone, and only traced.
        RootOfZero? root = null;
        var alert = Only(new TrainingRun
        {
            Options = new() { SampleEvery = every },
            Steps = step + 3,
            BeforeForward = now => root!.IsOn = now == step,
        }.Train(() => Sequential(("fc1", Linear(32, 16)), ("relu", ReLU()), ("drop", Dropout(0.0)), ("root", root = new RootOfZero()), ("fc2", Linear(16, 4)))));
        Assert.Equal(("drop", (long)step), (alert.Layer, alert.Step));
        Assert.Contains("2 more only pass it on", alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(20, 1, true)]
    [InlineData(20, 5, true)]
    [InlineData(20, 7, true)]
    [InlineData(0, 1, false)]
    [InlineData(20, 1, false)]
    [InlineData(20, 5, false)]
    public void ASlopeThatIsNotFiniteBehindANormalisationIsToldByItsOwnGradientsOrByThatOfItsOutputWhereItIsFrozen(int step, int every, bool learns)
    {
        RootOfZero? root = null;
        var alert = Only(new TrainingRun
        {
            Options = new() { SampleEvery = every },
            Steps = step + 3,
            BeforeForward = now => root!.IsOn = now == step,
        }.Train(() => Sequential(("fc1", Linear(32, 16)), ("norm", Norm(learns)), ("root", root = new RootOfZero()), ("fc2", Linear(16, 4)))));
        Assert.Equal(("norm", (long)step), (alert.Layer, alert.Step));
        Assert.Contains("backward", alert.Message, StringComparison.Ordinal);

        static Module<Tensor, Tensor> Norm(bool learns)
        {
            var norm = LayerNorm(16);
            foreach (var parameter in norm.parameters())
                parameter.requires_grad = learns;
            return norm;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatTheProgramReplacesIsNoFaultAndTheNextOneIsFound(bool atInput) => AssertOnlyTheHeadIsBlamed(
        static () => new Mending(),
        (step, data, model) =>
        {
            if (step == 12 && atInput)
                data[3, 2] = float.NaN;
            else if (step == 12)
                data[3] = model.get_parameter("hidden.weight")![0].sign() * 3e38f;
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatDoesNoHarmIsNoFaultAndTheFirstThatDoesIsFound(bool atInput) => AssertOnlyTheHeadIsBlamed(
        () => Sequential(
            ("fill", new Filling()), ("hidden", Linear(32, 16)), ("mask", atInput ? Identity() : new Masking()), ("softmax", Softmax(1)), ("head", Linear(16, 4))),
        (_, data, _) =>
        {
            // Missing values filled in by a copy, or scores masked by a layer: both in every step.
            if (atInput)
                data[3, 2] = float.NaN;
        });

    [Fact]
    public void AtTheStartASlopeThatIsNotFiniteBetweenTwoFunctionsIsToldByTheFirst()
    {
        var alert = Only(new TrainingRun { Options = new() { SampleEvery = 1 }, Steps = 3 }.Train(
            () => Sequential(("fc1", Linear(32, 16)), ("relu", ReLU()), ("root", new RootOfZero()), ("drop", Dropout(0.0)), ("fc2", Linear(16, 4)))));
        Assert.Equal(("relu", 0L), (alert.Layer, alert.Step));
    }

    [Theory]
    [MemberData(nameof(SampleEvery))]
    public void ALossWithoutAFiniteSlopeBehindASoftmaxIsBlamedOnNoLayer(int every)
    {
        var alert = Only(new TrainingRun
        {
            Options = new() { SampleEvery = every },
            Steps = 3,
            Loss = static (output, _) => output.sum() + output.mul(0).sqrt().sum(),
        }.Train(() => Sequential(("fc1", Linear(32, 16)), ("relu", ReLU()), ("fc2", Linear(16, 4)), ("softmax", LogSoftmax(1)))));
        Assert.Equal(("", 0L), (alert.Layer, alert.Step));
        Assert.Contains("where it leaves the loss", alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SampleEvery))]
    public void ALossWithoutAFiniteSlopeIsBlamedOnNoLayer(int every)
    {
        var alert = Only(new TrainingRun
        {
            Options = new() { SampleEvery = every },
            Steps = 3,
            Loss = static (output, _) => output.sum() + output.mul(0).sqrt().sum(),
        }.Train(() => Models.Mlp()));
        Assert.Equal(("", 0L), (alert.Layer, alert.Step));
        Assert.Contains("loss", alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("sigmoid")]
    [InlineData("tanh")]
    public void AnActivationIsNotBlamedForWhatItWasGivenOnAStepThatIsNotRead(string activation)
    {
        Undefined? layer = null;
        var alert = Only(new TrainingRun
        {
            Options = new() { SampleEvery = 7 },
            Steps = 9,
            BeforeForward = step => layer!.IsBad = step == 4,
        }.Train(() => Sequential(
            ("fc1", Linear(32, 16)), ("undefined", layer = new Undefined()),
            ("activation", activation switch { "relu" => ReLU(), "sigmoid" => Sigmoid(), _ => Tanh() }), ("fc2", Linear(16, 4)))));
        Assert.Equal(("undefined", 4L), (alert.Layer, alert.Step));
        Assert.Contains("2 more only pass it on", alert.Message, StringComparison.Ordinal);
    }

    /// <summary>Trains on data that is spoiled without harm, and makes the weights of the head NaN at step 30: that alone is told.</summary>
    private static void AssertOnlyTheHeadIsBlamed(Func<Module<Tensor, Tensor>> build, Action<int, Tensor, Module<Tensor, Tensor>> spoil)
    {
        Module<Tensor, Tensor>? model = null;
        var result = new TrainingRun
        {
            Options = new() { SampleEvery = 1 },
            Steps = 40,
            Spoil = (step, data, labels) =>
            {
                spoil(step, data, model!);
                return (data, labels);
            },
            BeforeForward = step =>
            {
                using var off = no_grad();
                if (step == 30)
                    model!.get_parameter("head.weight")!.fill_(float.NaN);
            },
        }.Train(() => model = build());
        var alert = Only(result);
        Assert.Equal(("head", 30L), (alert.Layer, alert.Step));
        Assert.Equal(40, result.Summary!.SampledSteps);
    }

    private static Alert Only(TrainingRun.Result result)
    {
        var alerts = result.Alerts.Where(alert => alert.Id != "GG9002").ToList();
        Assert.True(alerts.Count == 1 && alerts[0].Id == "GG9001", result.Told);
        return alerts[0];
    }

    private sealed class Logarithm() : Module<Tensor, Tensor>(nameof(Logarithm))
    {
        public override Tensor forward(Tensor input) => input.abs().mul(0).log();
    }

    /// <summary>Adds NaN to the first unit of the first sample.</summary>
    private sealed class Undefined() : Module<Tensor, Tensor>(nameof(Undefined))
    {
        public bool IsBad { get; set; }

        public override Tensor forward(Tensor input)
        {
            var added = zeros_like(input);
            added[0, 0] = IsBad ? float.NaN : 0;
            return input + added;
        }
    }

    private sealed class RootOfZero() : Module<Tensor, Tensor>(nameof(RootOfZero))
    {
        public bool IsOn { get; set; } = true;

        public override Tensor forward(Tensor input) => IsOn ? input.mul(0).sqrt() : input.alias();
    }

    /// <summary>Fills missing values in and cuts overflows back, in place, as tables and half precision ask for.</summary>
    private sealed class Mending : Module<Tensor, Tensor>
    {
        private readonly Linear hidden = Linear(32, 16);
        private readonly ReLU relu = ReLU();
        private readonly Linear head = Linear(16, 4);

        public Mending()
            : base(nameof(Mending)) => RegisterComponents();

        public override Tensor forward(Tensor input)
            => head.call(relu.call(hidden.call(input.nan_to_num_(0)).clamp_(-100, 100)));
    }

    private sealed class Filling() : Module<Tensor, Tensor>(nameof(Filling))
    {
        public override Tensor forward(Tensor input) => input.nan_to_num(0);
    }

    /// <summary>Hides half of the scores from the softmax behind it. As a layer with weights its output is read.</summary>
    private sealed class Masking : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter scale = Parameter(ones(16, 1));

        public Masking()
            : base(nameof(Masking)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var mask = arange(16) % 2 == 1;
            return (input * scale.view(16)).masked_fill(mask, float.NegativeInfinity);
        }
    }

    private sealed class TokenClassifier : Module<Tensor, Tensor>
    {
        private readonly Embedding embedding = Embedding(32, 16);
        private readonly LayerNorm norm = LayerNorm(16);
        private readonly Linear head = Linear(16, 4);

        public TokenClassifier()
            : base(nameof(TokenClassifier)) => RegisterComponents();

        public double Divisor { get; set; }

        public override Tensor forward(Tensor input) => head.call(norm.call(embedding.call(input) / Divisor));
    }
}
