using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Instrumentation.Tests.Watching;

/// <summary>Faults in activations that are functions, and healthy code that looks like them.</summary>
public sealed class DetectionTests
{
    [Theory, InlineData(1), InlineData(29)]
    public void ASaturatedTanhFunction_IsReportedAtTheLayerThatFeedsIt(long seed)
    {
        manual_seed(seed);
        using var model = new Net(static (net, x) => net.fc2.forward(tanh(net.fc1.forward(x))));
        using (no_grad())
            model.fc1.weight!.mul_(60);

        var alert = Assert.Single(Training.Run(model, steps: 12).Alerts, static alert => alert.Id == "GG9005");

        Assert.Equal("fc1", alert.Layer);
        Assert.Contains(":tanh@", alert.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASaturatedGate_IsNoFault()
    {
        manual_seed(2);
        using var model = new Net(static (net, x) =>
        {
            var h = net.fc1.forward(x);
            return net.fc2.forward(sigmoid(h) * h);
        });
        using (no_grad())
            model.fc1.weight!.mul_(60);

        Assert.DoesNotContain(Training.Run(model, steps: 12).Alerts, static alert => alert.Id == "GG9005");
    }

    [Fact]
    public void ADeadReluFunction_IsReportedAtTheLayerThatFeedsIt()
    {
        manual_seed(3);
        using var model = new Net(static (net, x) => net.fc2.forward(functional.relu(net.fc1.forward(x))));
        using (no_grad())
            model.fc1.bias!.fill_(-50);

        var alert = Assert.Single(Training.Run(model, steps: 30).Alerts, static alert => alert.Id == "GG9004");

        Assert.Equal("fc1", alert.Layer);
    }

    [Theory, InlineData(4), InlineData(41)]
    public void AnExplodingHandWrittenRecurrence_IsReportedStepByStep(long seed)
    {
        manual_seed(seed);
        using var model = new Recurrence(scale: 2.5);

        var alerts = Training.Run(model, steps: 4, input: static () => randn(8, 20, 6), rate: 1e-6).Alerts;

        var alert = Assert.Single(alerts, static alert => alert.Id == "GG9009");
        Assert.StartsWith("Recurrence.forward:relu@", alert.Layer, StringComparison.Ordinal);
        Assert.Equal(20, alert.Evidence["timeSteps"]);
    }

    [Fact]
    public void AHealthyHandWrittenRecurrence_IsSilent()
    {
        manual_seed(5);
        using var model = new Recurrence(scale: 1);

        Assert.DoesNotContain(Training.Run(model, steps: 30, input: static () => randn(8, 20, 6)).Alerts, static alert => alert.Id == "GG9009");
    }

    [Fact]
    public void OneRecurrenceOverALayer_IsReportedOnce()
    {
        manual_seed(6);
        using var model = new LayerRecurrence();
        using (no_grad())
            model.hidden.weight!.mul_(6);

        Assert.Single(Training.Run(model, steps: 4, input: static () => randn(8, 20, 6), rate: 1e-6).Alerts, static alert => alert.Id == "GG9009");
    }

    private sealed class Recurrence : Module<Tensor, Tensor>
    {
        private readonly Parameter into;
        private readonly Parameter over;
        private readonly Linear head = Linear(16, 3);

        public Recurrence(double scale)
            : base("recurrence")
        {
            into = Parameter(randn(6, 16) / Math.Sqrt(6));
            over = Parameter(init.orthogonal_(empty(16, 16)) * scale);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var h = ones(input.shape[0], 16);
            for (var t = 0; t < input.shape[1]; t++)
                h = functional.relu(input.select(1, t).matmul(into) + h.matmul(over));
            return head.forward(h);
        }
    }

    private sealed class LayerRecurrence : Module<Tensor, Tensor>
    {
        public readonly Linear hidden = Linear(16, 16);
        private readonly Linear into = Linear(6, 16);
        private readonly Linear head = Linear(16, 3);

        public LayerRecurrence()
            : base("layer recurrence") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var given = into.forward(input);
            var h = ones(input.shape[0], 16);
            for (var t = 0; t < input.shape[1]; t++)
                h = functional.relu(given.select(1, t) + hidden.forward(h));
            return head.forward(h);
        }
    }
}
