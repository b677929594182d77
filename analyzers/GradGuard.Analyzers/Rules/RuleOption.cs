using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers.Rules;

/// <summary>A number a user may set in <c>.editorconfig</c> as <c>gradguard.NAME = value</c>.</summary>
/// <param name="Name">The key after <c>gradguard.</c></param>
/// <param name="Default">What holds where the file says nothing, or nothing readable.</param>
internal sealed record RuleOption(string Name, double Default)
{
    /// <summary>The user's value in the file that holds <paramref name="location"/>.</summary>
    public double Read(AnalyzerOptions options, Location location) =>
        location.SourceTree is { } tree
        && options.AnalyzerConfigOptionsProvider.GetOptions(tree).TryGetValue("gradguard." + Name, out var text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && !double.IsNaN(value)
            ? value
            : Default;
}
