using System.CommandLine;
using GradGuard.Cli.Formats;

namespace GradGuard.Cli.Commands;

/// <summary>What <c>analyze</c> takes.</summary>
internal sealed class AnalyzeOptions
{
    public TargetOptions Target { get; } = new();

    public Option<OutputFormat> Format { get; } = new("--format") { HelpName = "text|json|sarif|github", Description = "How findings are written. Default: text." };

    public Option<string?> Output { get; } = TargetOptions.OutputFile();

    public Option<string[]> Rules { get; } =
        TargetOptions.Several("--rules", "ID", "Only these rules: GG1002, or GG1 for all that start so. Several, or with commas.");

    public Option<Gate> FailOn { get; } = new("--fail-on") { HelpName = "warning|info|none", Description = "Exit with 1 from this severity up. Default: warning." };

    public Option<string?> Baseline { get; } = new("--baseline") { HelpName = "FILE", Description = "Leave out the findings accepted in this file." };

    public Option<string?> WriteBaseline { get; } = new("--write-baseline") { HelpName = "FILE", Description = "Accept today's findings: write them to this file, and exit with 0." };

    public Option<bool> Timings { get; } = new("--timings") { Description = "Show what each rule took." };

    public Command Command(string name, string description)
    {
        var command = new Command(name, description) { Format, Output, Rules, FailOn, Baseline, WriteBaseline, Timings };
        Target.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Baseline) is not null && result.GetResult(WriteBaseline) is not null)
                result.AddError("--baseline and --write-baseline exclude each other");
            if (result.GetResult(Output) is not null && result.GetResult(WriteBaseline) is not null)
                result.AddError("--output and --write-baseline exclude each other");
        });
        return command;
    }
}
