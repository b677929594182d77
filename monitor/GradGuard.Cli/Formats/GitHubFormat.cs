using GradGuard.Cli.Analysis;

namespace GradGuard.Cli.Formats;

/// <summary>Workflow commands of GitHub Actions, which show up on the lines of a pull request.</summary>
internal sealed class GitHubFormat : IFindingsFormat
{
    public void Write(IReadOnlyList<Finding> findings, TextWriter writer)
    {
        foreach (var finding in findings)
        {
            var place = finding.Place;
            writer.WriteLine(
                $"::{CommandOf(finding.Severity)} file={Property(place.Path)},line={place.Line},endLine={place.EndLine},col={place.Column},"
                + $"endColumn={place.EndColumn},title={Property($"{finding.Id} {finding.Title}")}::{Data($"{finding.Message} ({finding.Help})")}");
        }
    }

    private static string CommandOf(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "notice",
    };

    internal static string Data(string text) => text.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A");

    internal static string Property(string text) => Data(text).Replace(":", "%3A").Replace(",", "%2C");
}
