using GradGuard.Analyzers.Tests.Verification;
using GradGuard.CodeFixes.Saturation;

namespace GradGuard.Analyzers.Tests.Rules.Saturation;

public class GG2002DeepSaturationTests
{
    [Theory]
    [InlineData("torch.sigmoid({0})")]
    [InlineData("functional.sigmoid({0})")]
    [InlineData("{0}.sigmoid()")]
    [InlineData("0.5 * (torch.tanh(0.5 * {0}) + 1)")]
    public Task ForSixSigmoidLayers_Triggers(string sigmoid) => Rule.FindsAsync(Net(
        $$"""
                x = {|GG2002:{{Of(sigmoid, "fc1.call(x)")}}|};
                x = {{Of(sigmoid, "fc2.call(x)")}};
                x = {{Of(sigmoid, "fc3.call(x)")}};
                x = {{Of(sigmoid, "fc4.call(x)")}};
                x = {{Of(sigmoid, "fc5.call(x)")}};
                return fc6.call(x);
        """));

    [Fact]
    public Task ForASequential_Triggers() => Rule.FindsAsync(Sequential("Sigmoid()", call: "{|GG2002:layers.call(x)|}"));

    [Fact]
    public Task ForASequentialBuiltInALoop_Triggers() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers = Sequential();

            public Net() : base("net")
            {
                for (int i = 0; i < 6; i++)
                {
                    layers.append(Linear(64, 64));
                    layers.append(Sigmoid());
                }

                layers.append(Linear(64, 10));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => {|GG2002:layers.call(x)|};
        }
        """);

    [Fact]
    public Task ForModuleFieldsThatAreReused_Triggers() => Rule.FindsAsync(Net(
        """
                x = drop.call({|GG2002:act.call(fc1.call(x))|});
                x = drop.call(act.call(fc2.call(x)));
                x = act.call(fc3.call(x)).view(-1, 64);
                x = act.call(fc4.call(x));
                var last = act.call(fc5.call(x));
                return torch.softmax(fc6.call(last), 1);
        """));

    [Fact]
    public Task ForProductsWrittenByHand_Triggers() => Rule.FindsAsync(
        """
        static class Model
        {
            public static Tensor Run(Tensor x)
            {
                var w = Enumerable.Range(0, 6).Select(_ => (randn(64, 64) / 8).requires_grad_()).ToArray();
                x = {|GG2002:torch.sigmoid(x.matmul(w[0]))|};
                x = torch.sigmoid(x.matmul(w[1]));
                x = torch.sigmoid(x.matmul(w[2]));
                x = torch.sigmoid(x.matmul(w[3]));
                x = torch.sigmoid(x.matmul(w[4]));
                return x.matmul(w[5]);
            }
        }
        """);

    [Fact]
    public Task TheMessage_CarriesThePredictedRatio() => Rule.FindsAsync(
        Sequential("Sigmoid()", call: "{|#0:layers.call(x)|}"),
        "GG2002",
        "The gradient at 'layers.0' starts at 2.1e-5 of that at 'layers.10': the 5 sigmoid activations between them pass 8.3e-4 of it; "
        + "use ReLU or one of its family, or a normalization layer before each (inputs taken to be of unit RMS)");

    [Theory]
    [InlineData("ReLU()")]
    [InlineData("LeakyReLU(0.1)")]
    [InlineData("Tanh()")]
    public Task ForTheSameDepthOfOthers_DoesNotTrigger(string activation) => Rule.FindsAsync(Sequential(activation, call: "layers.call(x)"));

    [Fact]
    public Task ForNormalizedSigmoids_DoesNotTrigger() => Rule.FindsAsync(Sequential("BatchNorm1d(64), Sigmoid()", call: "layers.call(x)"));

    [Fact]
    public Task ForResidualSigmoids_DoesNotTrigger() => Rule.FindsAsync(Net(
        """
                x = fc1.call(x);
                x = x + torch.sigmoid(fc2.call(x));
                x = x + torch.sigmoid(fc3.call(x));
                x = x + torch.sigmoid(fc4.call(x));
                x = x + torch.sigmoid(fc5.call(x));
                return fc6.call(x);
        """));

    [Fact]
    public Task ForSigmoidGates_DoesNotTrigger() => Rule.FindsAsync(Net(
        """
                x = functional.relu(fc1.call(x)) * torch.sigmoid(fc2.call(x));
                x = functional.relu(fc3.call(x)) * torch.sigmoid(fc4.call(x));
                return fc6.call(functional.relu(fc5.call(x)));
        """));

    [Fact]
    public Task ForThreeSigmoidLayersOrFewer_DoesNotTrigger() => Rule.FindsAsync(Net(
        """
                x = torch.sigmoid(fc1.call(x));
                x = torch.sigmoid(fc2.call(x));
                x = torch.sigmoid(fc3.call(x));
                return torch.sigmoid(fc6.call(x));
        """));

    [Fact]
    public Task ForWidthsNotKnown_DoesNotTrigger() => Rule.FindsAsync(
        """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers;

            public Net(long width) : base("net")
            {
                layers = Sequential(
                    Linear(width, width), Sigmoid(), Linear(width, width), Sigmoid(), Linear(width, width), Sigmoid(),
                    Linear(width, width), Sigmoid(), Linear(width, width), Sigmoid(), Linear(width, width));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => layers.call(x);
        }
        """);

    [Fact]
    public Task TheLimit_IsAnOption() => Rule.FindsAsync(Sequential("Sigmoid()", call: "layers.call(x)"), "gradguard.min_gradient_ratio = 1e-6");

    [Theory]
    [InlineData("        x = torch.sigmoid(fc1.call(x); x = torch.sigmoid(fc2.call(")]
    [InlineData("        return torch.sigmoid(fc9.call(torch.sigmoid(fc1.call(x))));")]
    public Task ForHalfWrittenCode_DoesNotThrow(string body) => Rule.RunsOverHalfWrittenAsync(Net(body));

    [Fact]
    public Task TheFix_ReplacesEachActivationOfTheRow() => Rule.FixesAsync<GG2002DeepSaturationFix>(
        Net(
            """
                    x = {|GG2002:torch.sigmoid(fc1.call(x))|}; // first
                    x = fc2.call(x).sigmoid();
                    x = functional.sigmoid(fc3.call(x));
                    x = fc4.call(x).sigmoid_();
                    x = sigmoid(fc5.call(x));
                    return fc6.call(x);
            """),
        Net(
            """
                    x = functional.relu(fc1.call(x)); // first
                    x = fc2.call(x).relu();
                    x = functional.relu(fc3.call(x));
                    x = fc4.call(x).relu_();
                    x = functional.relu(fc5.call(x));
                    return fc6.call(x);
            """));

    private static string Of(string sigmoid, string argument) => sigmoid.Replace("{0}", argument);

    private static string Sequential(string activation, string call) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Sequential layers = Sequential(
                Linear(64, 64), {{activation}}, Linear(64, 64), {{activation}}, Linear(64, 64), {{activation}},
                Linear(64, 64), {{activation}}, Linear(64, 64), {{activation}}, Linear(64, 10));

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => {{call}};
        }
        """;

    private static string Net(string forward) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64);
            private readonly Linear fc2 = Linear(64, 64);
            private readonly Linear fc3 = Linear(64, 64);
            private readonly Linear fc4 = Linear(64, 64);
            private readonly Linear fc5 = Linear(64, 64);
            private readonly Linear fc6 = Linear(64, 10);
            private readonly Sigmoid act = Sigmoid();
            private readonly Dropout drop = Dropout(0.1);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
        {{forward}}
            }
        }
        """;
}
