using System.CommandLine;
using GradGuard.Cli.Formats;

namespace GradGuard.Cli.Commands;

/// <summary>What <c>analyze</c> takes.</summary>
internal sealed class AnalyzeOptions
{
    public Argument<string> Target { get; } = new("TARGET") { Description = "A folder of sources, or one .cs file. Nothing is restored or built." };

    public Option<OutputFormat> Format { get; } = new("--format") { HelpName = "text|json|sarif|github", Description = "How findings are written. Default: text." };

    public Option<string[]> Rules { get; } = Several("--rules", "ID", "Only these rules: GG1002, or GG1 for all that start so. Several, or with commas.");

    public Option<string[]> Exclude { get; } = Several("--exclude", "PATTERN", "Leave out files and folders: a name, or a path in TARGET with * and **.");

    public Option<string[]> Reference { get; } = Several("--reference", "DLL", "Also compile against this assembly, or all in this folder.");

    public Option<Gate> FailOn { get; } = new("--fail-on") { HelpName = "warning|info|none", Description = "Exit with 1 from this severity up. Default: warning." };

    public Option<bool> Timings { get; } = new("--timings") { Description = "Show what each rule took." };

    public Command Command(string name, string description) => new(name, description) { Target, Format, Rules, Exclude, Reference, FailOn, Timings };

    private static Option<string[]> Several(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description, DefaultValueFactory = _ => [] };
}
