using static TorchSharp.torch;

namespace GradGuard.Benchmarks.StepTime;

/// <summary>What a tensor is in a training step, which says how much of it GradGuard reads past the start.</summary>
internal enum TensorRole
{
    /// <summary>Output of a ReLU, whose units are counted.</summary>
    Activation,

    /// <summary>Output of a layer with weights, or the gradient by it.</summary>
    Output,

    /// <summary>A parameter.</summary>
    Weight,

    /// <summary>The gradient by one.</summary>
    Gradient,
}

/// <summary>What is made of the tensors of a step.</summary>
internal interface ITensorReading
{
    /// <summary>Reads one.</summary>
    void Read(Tensor tensor, TensorRole role);

    /// <summary>The step is over.</summary>
    void EndStep();
}
