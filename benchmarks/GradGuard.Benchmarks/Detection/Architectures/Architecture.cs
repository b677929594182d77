using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Benchmarks.Detection.Architectures;

/// <summary>One named part of a model: the name is the first part of the path an alert gives.</summary>
internal sealed record Stage(string Name, Module<Tensor, Tensor> Module);

/// <summary>A family of models, and one member of it: stages that follow one another.</summary>
internal abstract record Architecture
{
    /// <summary>What the family is called in the tables.</summary>
    public abstract string Family { get; }

    /// <summary>What it reads.</summary>
    public abstract InputKind Input { get; }

    /// <summary>Hidden layers, or blocks.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>Units of a hidden layer, or channels.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Non-linearity of the hidden layers.</summary>
    public Nonlinearity Activation { get; init; } = Nonlinearity.Relu;

    /// <summary>True with a normalisation in each layer or block.</summary>
    public bool Normalised { get; init; }

    /// <summary>Name that tells it from its siblings.</summary>
    public string Name => $"{Family} {Depth}x{Width} {Activation.ToString().ToLowerInvariant()}{(Normalised ? " norm" : "")}";

    /// <summary>True where depth and activation make a plain chain of hidden layers, whose signal multiplies from layer to layer.</summary>
    public virtual bool IsChain => false;

    /// <summary>True where a state passes through the same weights at each time step.</summary>
    public virtual bool IsRecurrent => false;

    /// <summary>What the usual learning rate is multiplied by.</summary>
    public virtual double RateFactor => 1;

    /// <summary>Makes the stages, with fresh weights from torch's generator.</summary>
    public abstract IEnumerable<Stage> Build(LearningTask task);
}
