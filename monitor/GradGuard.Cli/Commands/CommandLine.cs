using System.CommandLine;
using GradGuard.Cli.Analysis;
using GradGuard.Cli.Input;
using Spectre.Console;

namespace GradGuard.Cli.Commands;

/// <summary>What may be typed. Bad usage and bad input end in one line on <paramref name="errors"/> and exit code 2.</summary>
/// <param name="console">Takes results.</param>
/// <param name="errors">Takes everything else.</param>
/// <param name="workingDirectory">What relative paths are relative to, going in and coming out.</param>
internal sealed class CommandLine(IAnsiConsole console, TextWriter errors, string workingDirectory)
{
    /// <summary>Parses and runs; returns the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation = default)
    {
        var root = Commands();
        var suggestions = Suggestions.AddTo(root);
        var parsed = root.Parse(arguments);
        var isUnfinished = parsed.GetResult(suggestions) is not null;
        if (!isUnfinished && parsed is { CommandResult.Command: RootCommand, UnmatchedTokens: [var unknown, ..] })
            return Refuse($"there is no command '{unknown}'; gradguard --help shows them all");
        if (parsed.Tokens.Count == 0)
            return Refuse("name a command; gradguard --help shows them all");
        if (!isUnfinished && parsed.Errors.Count > 0)
            return Refuse(parsed.Errors[0].Message);
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = console.Profile.Out.Writer,
                Error = errors,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (Exception error) when (error is InputException or AnalysisException or IOException or UnauthorizedAccessException)
        {
            return Refuse(error.Message);
        }
        catch (OperationCanceledException)
        {
            return Refuse("stopped before the end; nothing was judged");
        }
    }

    private int Refuse(string reason)
    {
        errors.WriteLine($"error: {reason.ReplaceLineEndings(" ")}");
        return ExitCode.BadInput;
    }

    private RootCommand Commands() => new("GradGuard: says where gradients vanish, explode and die in neural networks written with TorchSharp.")
    {
        new AnalyzeCommand(console, errors, workingDirectory).Create(),
        new PredictCommand(console, errors, workingDirectory).Create(),
        new CheckCommand(console, errors, workingDirectory).Create(),
        new CompareCommand(console, errors, workingDirectory).Create(),
        new CompletionCommand(console).Create(),
    };
}
