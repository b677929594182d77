namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>What a model reads.</summary>
internal enum InputKind
{
    /// <summary>[N, features].</summary>
    Vector,

    /// <summary>[N, features], to be reproduced.</summary>
    Curve,

    /// <summary>[N, 1, size, size].</summary>
    Image,

    /// <summary>[N, time, features].</summary>
    Sequence,

    /// <summary>[N, time] of token numbers.</summary>
    Tokens,
}
