using System.CommandLine;
using GradGuard.Cli.Checking;
using GradGuard.Cli.Formats;
using GradGuard.Cli.Formats.Checks;
using GradGuard.Cli.Input;
using GradGuard.Cli.Runs;
using Spectre.Console;

namespace GradGuard.Cli.Commands;

/// <summary>Holds finished runs against a policy.</summary>
internal sealed class CheckCommand(IAnsiConsole console, TextWriter errors, string workingDirectory)
{
    private readonly Argument<string[]> _runs = new("RUN") { Arity = ArgumentArity.OneOrMore, Description = "A run directory, or a folder with some below it." };

    private readonly Option<string?> _policy = new("--policy")
    {
        HelpName = "FILE",
        Description = $"What runs have to keep to. Default: {PolicyFile.Name} here or in a folder above; without one, alerts of severity warning and above fail.",
    };

    private readonly Option<string[]> _sources = TargetOptions.Several("--source", "DIR", "Folder of the project that was trained, which files in runs are named from. Default: here.");

    private readonly Option<CheckFormat> _format = new("--format") { HelpName = "text|json|sarif|github|junit", Description = "How the verdict is written. Default: text." };

    private readonly Option<string?> _output = TargetOptions.OutputFile();

    public Command Create()
    {
        var command = new Command("check", "Fail on what the monitor found in runs: by alerts, and by limits on what was measured.") { _runs, _policy, _sources, _format, _output };
        command.SetAction(Run);
        return command.WithExamples(
            ("gradguard check runs/today", "one run"),
            ("gradguard check runs", "every run in a folder"),
            ("gradguard check runs/rank0 runs/rank1 --policy strict.json", "several, by a policy of their own"),
            ("gradguard check runs --source src/Training --format github", "annotations at the lines that made the layers"),
            ("gradguard check runs --format junit --output gradguard.xml", "for a test report"),
            ("gradguard check runs --format sarif --output gradguard.sarif", "for a code host"));
    }

    private int Run(ParseResult parsed)
    {
        var output = parsed.GetValue(_output) is { } file ? FullPath(file) : null;
        if (output is not null)
            OwnOutput.RefuseOthers(output);
        var policyPath = parsed.GetValue(_policy) is { } named ? FullPath(named) : PolicyFile.Above(workingDirectory);
        var policy = policyPath is null ? Policy.Default : PolicyFile.Read(policyPath);
        var folders = parsed.GetValue(_sources)!.Select(FullPath).DefaultIfEmpty(workingDirectory).ToList();
        if (folders.Find(folder => !Directory.Exists(folder)) is { } missing)
            throw new InputException($"--source {missing}: there is no such folder");

        var runs = parsed.GetRequiredValue(_runs).Select(FullPath).SelectMany(RunSearch.Of).DistinctBy(run => run.Path).ToList();
        var check = new RunCheck(policy, new SourceLines(folders, workingDirectory), workingDirectory);
        var progress = new ProgressLine(errors);
        var verdicts = new List<RunVerdict>();
        foreach (var run in runs)
        {
            progress.Report($"{run.Path} ({verdicts.Count + 1} of {runs.Count})");
            verdicts.Add(check.Of(run));
        }

        progress.Clear();
        var verdict = new Verdict(policyPath is null ? null : DisplayPath.Of(policyPath, workingDirectory), verdicts);
        if (output is null)
            Write(verdict, console, parsed.GetValue(_format));
        else
            OwnOutput.Write(output, plain => Write(verdict, plain, parsed.GetValue(_format)));
        return verdict.Fails ? ExitCode.OverTheGate : ExitCode.Clean;
    }

    private string FullPath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, workingDirectory));

    private void Write(Verdict verdict, IAnsiConsole to, CheckFormat format)
    {
        var writer = to.Profile.Out.Writer;
        switch (format)
        {
            case CheckFormat.Json:
                new CheckJson().Write(verdict, writer);
                break;
            case CheckFormat.Sarif:
                new SarifFormat(workingDirectory).Write(verdict.Findings, writer);
                break;
            case CheckFormat.GitHub:
                new GitHubFormat().Write(verdict.Findings, writer);
                break;
            case CheckFormat.JUnit:
                new JUnitFormat().Write(verdict, writer);
                break;
            default:
                new CheckText(to).Write(verdict);
                break;
        }
    }
}
