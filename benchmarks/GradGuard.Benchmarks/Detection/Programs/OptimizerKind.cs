using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>The optimizers, each with a learning rate that trains the programs' healthy forms.</summary>
internal enum OptimizerKind
{
    Sgd,
    Momentum,
    Adam,
    AdamW,
    RmsProp,
}

/// <summary>Makes optimizers.</summary>
internal static class OptimizerKinds
{
    /// <summary>Name in the tables.</summary>
    public static string Name(this OptimizerKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>A learning rate that works on these small programs.</summary>
    public static double UsualRate(this OptimizerKind kind) => kind switch
    {
        OptimizerKind.Sgd => 0.1,
        OptimizerKind.Momentum => 0.02,
        OptimizerKind.RmsProp => 1e-3,
        _ => 3e-3,
    };

    /// <summary>An optimizer over some parameters.</summary>
    public static optim.Optimizer Create(this OptimizerKind kind, IEnumerable<Parameter> parameters, double rate) => kind switch
    {
        OptimizerKind.Sgd => optim.SGD(parameters, rate),
        OptimizerKind.Momentum => optim.SGD(parameters, rate, momentum: 0.9),
        OptimizerKind.Adam => optim.Adam(parameters, rate),
        OptimizerKind.AdamW => optim.AdamW(parameters, rate),
        OptimizerKind.RmsProp => optim.RMSProp(parameters, rate),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an optimizer."),
    };
}
