namespace GradGuard.Monitor.Recording;

/// <summary>What is known of a module before anything ran.</summary>
internal sealed record LayerDescription
{
    /// <summary>Path as in <c>named_modules()</c>; empty for the model itself.</summary>
    public required string Path { get; init; }

    /// <summary>Full CLR type name.</summary>
    public required string Type { get; init; }

    /// <summary>How its output depends on its input, where its type tells.</summary>
    public ActivationKind Activation { get; init; }

    /// <summary>Whether and how it recurs.</summary>
    public RecurrenceKind Recurrence { get; init; }

    /// <summary>True when it owns a parameter of two or more dimensions: it mixes its inputs.</summary>
    public bool HasWeights { get; init; }

    /// <summary>True when it is no module but a function that the program calls.</summary>
    public bool IsFunction { get; init; }

    /// <summary>True when its units are channels, dimension 1 of its output.</summary>
    public bool IsConvolution { get; init; }

    /// <summary>Inputs summed by each unit, from the shape of its weight; null where that is not known.</summary>
    public long? FanIn { get; init; }

    /// <summary>Units it makes, from the shape of its weight; null where that is not known.</summary>
    public long? Units { get; init; }

    /// <summary>Simple type name, for messages.</summary>
    public string ShortType => Type[(Type.LastIndexOf('.') + 1)..];
}

/// <summary>The activations whose output shows where their gradient is lost.</summary>
internal enum ActivationKind
{
    /// <summary>No activation, or one without a flat region.</summary>
    None,

    /// <summary>Zero output means zero gradient: ReLU, ReLU6.</summary>
    Rectifier,

    /// <summary>Output in (0, 1), flat at both ends.</summary>
    Sigmoid,

    /// <summary>Output in (−1, 1), flat at both ends.</summary>
    Tanh,
}

/// <summary>How a module recurs.</summary>
internal enum RecurrenceKind
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>A plain recurrence over a whole sequence: <c>RNN</c>.</summary>
    Plain,

    /// <summary>A gated recurrence over a whole sequence: <c>LSTM</c>, <c>GRU</c>.</summary>
    Gated,

    /// <summary>One step of a plain recurrence: <c>RNNCell</c>.</summary>
    PlainCell,

    /// <summary>One step of a gated recurrence: <c>LSTMCell</c>, <c>GRUCell</c>.</summary>
    GatedCell,
}
