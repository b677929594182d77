namespace GradGuard.Monitor;

/// <summary>How much of a step is read, in rising order of cost: each holds what the ones before it do.</summary>
internal enum ReadingDepth
{
    /// <summary>Its loss.</summary>
    Nothing,

    /// <summary>Weights, their gradients and their updates.</summary>
    Norms,

    /// <summary>The outputs of layers and activations.</summary>
    Activations,

    /// <summary>The gradients by these outputs.</summary>
    Everything,
}
