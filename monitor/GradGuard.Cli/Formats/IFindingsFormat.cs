using GradGuard.Cli.Analysis;

namespace GradGuard.Cli.Formats;

/// <summary>One way to write findings down.</summary>
internal interface IFindingsFormat
{
    void Write(AnalysisResult result, TextWriter writer);
}
