using System.Collections.Immutable;
using System.Globalization;
using GradGuard.Analyzers.Composition;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Rules;

/// <summary>How layers, activations and numbers read in a message.</summary>
internal static class Describe
{
    /// <summary>The layer's path in quotes, or what it is where it has none.</summary>
    public static string Layer(Layer layer) => layer switch
    {
        { Path.Length: > 0 } => $"'{layer.Path}'",
        { Kind: LayerKind.Parameter } => "the random matrix",
        _ => $"this {layer.Kind.ToString().ToLowerInvariant()} layer",
    };

    /// <summary>The members that the steps fill, in quotes: 'head', or 'head' (and 2 more).</summary>
    public static string Members(ImmutableArray<ConstructionStep> steps) => Members(steps.Select(step => step.Member!));

    public static string Members(IEnumerable<ISymbol> members)
    {
        var names = members.Select(member => member.Name).Distinct().ToList();
        return names.Count == 1 ? $"'{names[0]}'" : $"'{names[0]}' (and {names.Count - 1} more)";
    }

    public static string Activation(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => "ReLU",
        ActivationKind.LogSoftmax => "log-softmax",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Two or three significant digits, invariant culture: 28, 0.036, 1.2e-05.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 and < 1e6 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 1e-3 and < 100 => double.Parse(value.ToString("G2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            .ToString("0.####", CultureInfo.InvariantCulture),
        _ => value.ToString("0.#e+0", CultureInfo.InvariantCulture),
    };

    /// <summary>A share as a whole percentage, never rounded up to all or down to none.</summary>
    public static string Share(double share) => share switch
    {
        > 0.995 and < 1 => "over 99%",
        > 0 and < 0.005 => "under 1%",
        _ => (100 * share).ToString("0", CultureInfo.InvariantCulture) + "%",
    };
}
