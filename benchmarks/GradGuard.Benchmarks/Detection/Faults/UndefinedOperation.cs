using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>An operation of the forward pass that is not defined where it will be evaluated.</summary>
/// <param name="operation">Which.</param>
internal sealed class UndefinedOperation(UndefinedOperation.Kind operation) : Fault
{
    private const string Stage = "undefined";
    private const float SilentBias = -30;
    private string[] _culprits = [];

    /// <summary>The operations.</summary>
    public enum Kind
    {
        /// <summary>The logarithm of a ReLU's zeros.</summary>
        Log,

        /// <summary>The root of a square at zero, a distance to itself: its value is defined, its slope is not.</summary>
        Sqrt,

        /// <summary>Division by a unit's standard deviation over the batch, which is zero for a unit that is silent.</summary>
        Standardise,
    }

    public override string Name => "NaN by an operation";

    public override IReadOnlyList<string> Symptoms => ["GG9001"];

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer)
        => architecture is { IsChain: true, Activation: Nonlinearity.Relu, Normalised: false };

    /// <summary>Behind the first activation. NaN in a gradient shows first at the operation's input, so the stage before counts as well.</summary>
    public override void Rewire(List<Stage> stages)
    {
        var after = stages.FindIndex(static stage => stage.Module is TorchSharp.Modules.ReLU);
        _culprits = [Stage, stages[after].Name];
        stages.Insert(after + 1, new Stage(Stage, new Operation(operation)));
    }

    /// <summary>One unit of the first layer is silent.</summary>
    public override void Prepare(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        model.HiddenLayers()[0].Bias![0] = SilentBias;
    }

    public override IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model) => _culprits;

    private sealed class Operation(Kind kind) : nn.Module<Tensor, Tensor>(nameof(Operation))
    {
        public override Tensor forward(Tensor input) => kind switch
        {
            Kind.Log => input.log(),
            Kind.Sqrt => (input - input.amax([1L], keepdim: true)).square().sqrt(),
            _ => input / input.std(0, keepdim: true),
        };
    }
}
