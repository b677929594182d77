namespace GradGuard.Monitor.Statistics;

/// <summary>Why a tensor has no statistics. A skipped tensor is "not evaluated", never "healthy".</summary>
internal enum SkipReason
{
    /// <summary>The tensor was read.</summary>
    None,

    /// <summary>The tensor's native handle is gone.</summary>
    Disposed,

    /// <summary>The tensor has no elements.</summary>
    Empty,

    /// <summary>Elements are integers.</summary>
    Integer,

    /// <summary>Elements are booleans.</summary>
    Bool,

    /// <summary>Elements are complex numbers.</summary>
    Complex,

    /// <summary>Elements are quantized.</summary>
    Quantized,

    /// <summary>The tensor is sparse: its zeros are not stored.</summary>
    Sparse,

    /// <summary>The tensor has a shape but no data (device <c>meta</c>).</summary>
    Meta,

    /// <summary>More than 2 GiB of CPU memory, which no span can cover.</summary>
    TooLarge,
}
