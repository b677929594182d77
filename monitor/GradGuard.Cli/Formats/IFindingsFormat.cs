using GradGuard.Cli.Analysis;

namespace GradGuard.Cli.Formats;

/// <summary>One way to write findings down, whichever command found them.</summary>
internal interface IFindingsFormat
{
    void Write(IReadOnlyList<Finding> findings, TextWriter writer);
}
