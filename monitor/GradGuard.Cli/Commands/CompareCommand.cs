using System.CommandLine;
using GradGuard.Cli.Comparison;
using GradGuard.Cli.Formats.Comparisons;
using GradGuard.Cli.Input;
using GradGuard.Cli.Runs;
using Spectre.Console;

namespace GradGuard.Cli.Commands;

/// <summary>Tells what of a run is worse than before, layer by layer, beyond noise.</summary>
internal sealed class CompareCommand(IAnsiConsole console, TextWriter errors, string workingDirectory)
{
    private readonly CompareOptions _options = new();

    public Command Create()
    {
        var command = _options.Command("compare", "Find what got worse from one run to another, layer by layer, beyond noise.");
        command.SetAction(parsed => Run(parsed));
        return command.WithExamples(
            ("gradguard compare runs/main runs/mine", "one run against another"),
            ("gradguard compare runs/main-seeds runs/mine", "against a folder of runs that differ by seed"),
            ("gradguard compare runs/main.1 runs/mine --base runs/main.2 --base runs/main.3", "the same, one by one"),
            ("gradguard compare runs/main runs/mine --steps 100.. --min-factor 2", "from step 100 on, and stricter"),
            ("gradguard compare runs/main runs/mine --format json --output comparison.json", "for scripts"));
    }

    private int Run(ParseResult parsed)
    {
        var format = FormatOf(parsed.GetValue(_options.Format));
        var output = parsed.GetValue(_options.Output) is { } file ? Path.GetFullPath(file, workingDirectory) : null;
        if (output is not null)
            ComparisonFile.RefuseOthers(output, format);
        var steps = _options.StepsOf(parsed);
        var progress = new ProgressLine(errors);
        var bases = parsed.GetValue(_options.MoreBases)!.Prepend(parsed.GetRequiredValue(_options.Base)).SelectMany(path => RunSearch.Of(FullPath(path))).ToList();
        if (bases.Select(run => run.Path).Distinct().Count() < bases.Count)
            throw new InputException("a base is named twice: what is the same says nothing of the spread between seeds");
        var result = RunComparison.Of(
            [.. bases.Select(run => Read(run, progress))], Read(RunDirectory.Open(FullPath(parsed.GetRequiredValue(_options.Run))), progress), steps, _options.LimitsOf(parsed));
        progress.Clear();
        Write(result, format, output);
        return result.IsRegression ? ExitCode.OverTheGate : ExitCode.Clean;
    }

    private ComparedRun Read(RunDirectory run, ProgressLine progress)
    {
        var name = DisplayPath.Of(run.Path, workingDirectory);
        progress.Report($"reading {name}");
        return ComparedRunReader.Of(run, name);
    }

    private void Write(ComparisonResult result, IComparisonFormat format, string? output)
    {
        if (output is null)
        {
            format.Write(result, console.Profile.Out.Writer);
            return;
        }

        using var text = new StringWriter { NewLine = "\n" };
        format.Write(result, text);
        ComparisonFile.Write(output, format, text.ToString());
    }

    private string FullPath(string path) => Path.GetFullPath(path, workingDirectory);

    private static IComparisonFormat FormatOf(ComparisonFormat format) => format switch
    {
        ComparisonFormat.Json => new ComparisonJson(),
        ComparisonFormat.GitHub => new ComparisonGitHub(),
        _ => new ComparisonText(),
    };
}
