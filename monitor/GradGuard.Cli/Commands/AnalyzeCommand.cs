using System.CommandLine;
using System.Diagnostics;
using GradGuard.Cli.Analysis;
using GradGuard.Cli.Formats;
using GradGuard.Cli.Input;
using Spectre.Console;

namespace GradGuard.Cli.Commands;

/// <summary>Runs the rules over sources.</summary>
internal sealed class AnalyzeCommand(IAnsiConsole console, TextWriter errors, string workingDirectory)
{
    private readonly AnalyzeOptions _options = new();

    public Command Create()
    {
        var command = _options.Command("analyze", "Find what kills gradients, in sources as they are: no project and no restore needed.");
        command.SetAction(RunAsync);
        return command.WithExamples(
            ("gradguard analyze src", "a folder, and every project in it"),
            ("gradguard analyze . --rules GG1,GG2 --exclude tests", "some rules, some files"),
            ("gradguard analyze . --format sarif > gradguard.sarif", "for a code host"),
            ("gradguard analyze Model.cs --fail-on info", "one file, strictly"));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var sinceStart = Stopwatch.StartNew();
        var path = Path.GetFullPath(parsed.GetRequiredValue(_options.Target), workingDirectory);
        var isWanted = RuleSelection.Parse(parsed.GetValue(_options.Rules)!);
        var excluded = new PathPatterns(parsed.GetValue(_options.Exclude)!);
        var references = parsed.GetValue(_options.Reference)!.Select(reference => Path.GetFullPath(reference, workingDirectory));
        var target = Target.Load(path, file => excluded.Match(Path.GetRelativePath(path, file)), [.. references]);

        var analysis = new SourceAnalysis(isWanted, new FindingFactory(workingDirectory));
        var progress = new ProgressLine(errors);
        var result = await analysis.RunAsync(target, sinceStart, progress, cancellation);
        progress.Clear();
        Write(result, parsed.GetValue(_options.Format), parsed.GetValue(_options.Timings));
        return parsed.GetValue(_options.FailOn).ExitCodeFor(result.Findings);
    }

    private void Write(AnalysisResult result, OutputFormat format, bool showTimings)
    {
        var writer = console.Profile.Out.Writer;
        switch (format)
        {
            case OutputFormat.Json:
                new JsonFormat().Write(result, writer);
                break;
            case OutputFormat.Sarif:
                new SarifFormat(workingDirectory).Write(result, writer);
                break;
            case OutputFormat.GitHub:
                new GitHubFormat().Write(result, writer);
                break;
            default:
                new TextFormat(console).Write(result, showTimings);
                break;
        }
    }
}
