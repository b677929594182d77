using System.CommandLine;
using System.Diagnostics;
using GradGuard.Cli.Analysis;
using GradGuard.Cli.Baselines;
using GradGuard.Cli.Formats;
using Spectre.Console;

namespace GradGuard.Cli.Commands;

/// <summary>Runs the rules over sources.</summary>
internal sealed class AnalyzeCommand(IAnsiConsole console, TextWriter errors, string workingDirectory)
{
    private readonly AnalyzeOptions _options = new();

    public Command Create()
    {
        var command = _options.Command("analyze", "Find what kills gradients, in a solution, a project, or plain sources as they are.");
        command.SetAction(RunAsync);
        return command.WithExamples(
            ("gradguard analyze src", "a folder, and every project in it"),
            ("gradguard analyze App.csproj", "as the build compiles it, packages and all"),
            ("gradguard analyze . --rules GG1,GG2 --exclude tests", "some rules, some files"),
            ("gradguard analyze . --write-baseline gradguard.baseline.json", "accept what is there today"),
            ("gradguard analyze . --baseline gradguard.baseline.json", "and fail on what is new"),
            ("gradguard analyze . --format sarif --output gradguard.sarif", "for a code host"),
            ("gradguard analyze Model.cs --fail-on info", "one file, strictly"));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var sinceStart = Stopwatch.StartNew();
        var isWanted = RuleSelection.Parse(parsed.GetValue(_options.Rules)!);
        var accepted = FullPath(parsed.GetValue(_options.Baseline)) is { } known ? BaselineFile.Read(known) : null;
        var (output, baseline) = (FullPath(parsed.GetValue(_options.Output)), FullPath(parsed.GetValue(_options.WriteBaseline)));
        if (output is not null)
            OwnOutput.RefuseOthers(output);
        if (baseline is not null)
            BaselineFile.RefuseOthers(baseline);
        var progress = new ProgressLine(errors);
        var target = await _options.Target.LoadAsync(parsed, workingDirectory, progress, cancellation);
        var result = await new SourceAnalysis(isWanted, new FindingFactory(workingDirectory)).RunAsync(target, sinceStart, progress, cancellation);
        progress.Clear();
        if (baseline is not null)
            return Accept(result, baseline);

        if (accepted is not null)
            result = result.Only(accepted.New);
        if (output is null)
            Write(result, console, parsed.GetValue(_options.Format), parsed.GetValue(_options.Timings));
        else
            OwnOutput.Write(output, plain => Write(result, plain, parsed.GetValue(_options.Format), parsed.GetValue(_options.Timings)));
        return parsed.GetValue(_options.FailOn).ExitCodeFor(result.Findings);
    }

    private int Accept(AnalysisResult result, string path)
    {
        BaselineFile.Write(path, Baseline.Of(result.Findings));
        console.Profile.Out.Writer.WriteLine($"{result.Findings.Count} findings accepted in {path}");
        return ExitCode.Clean;
    }

    private string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path, workingDirectory);

    private void Write(AnalysisResult result, IAnsiConsole to, OutputFormat format, bool showTimings)
    {
        var writer = to.Profile.Out.Writer;
        switch (format)
        {
            case OutputFormat.Json:
                new JsonFormat().Write(result, writer);
                break;
            case OutputFormat.Sarif:
                new SarifFormat(workingDirectory).Write(result.Findings, writer);
                break;
            case OutputFormat.GitHub:
                new GitHubFormat().Write(result.Findings, writer);
                break;
            default:
                new TextFormat(to).Write(result, showTimings);
                break;
        }
    }
}
