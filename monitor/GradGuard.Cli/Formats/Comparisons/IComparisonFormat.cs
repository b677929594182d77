using GradGuard.Cli.Comparison;

namespace GradGuard.Cli.Formats.Comparisons;

/// <summary>One way to write a comparison down.</summary>
internal interface IComparisonFormat
{
    void Write(ComparisonResult result, TextWriter writer);

    /// <summary>True for a text that this format has written.</summary>
    bool Recognises(string text);
}
