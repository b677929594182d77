using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph;

/// <summary>How a parameter got its first values.</summary>
/// <param name="Distribution">The law of the values.</param>
/// <param name="Location">The call that drew them; for a layer's own default, the layer's creation.</param>
/// <param name="IsDefault">True when the program left the library's default in place.</param>
internal sealed record Initialization(WeightDistribution Distribution, Location Location, bool IsDefault)
{
    /// <summary>The initializer as the user wrote it (<c>normal_</c>, <c>randn</c>), empty for a default.</summary>
    public string Initializer { get; init; } = "";
}
