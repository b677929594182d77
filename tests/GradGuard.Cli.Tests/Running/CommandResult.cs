using System.Text.Json.Nodes;
using GradGuard.Cli.Commands;
using Spectre.Console;

namespace GradGuard.Cli.Tests.Running;

/// <summary>What a command line ended in, as a pipe would have it.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Output that is JSON.</summary>
    public JsonNode Json => Output.Length > 0 ? JsonNode.Parse(Output)! : throw new InvalidOperationException(Errors);

    /// <summary>The IDs of the findings in JSON output, in order.</summary>
    public IReadOnlyList<string> Ids => [.. Json["findings"]!.AsArray().Select(finding => finding!["id"]!.GetValue<string>())];

    public static async Task<CommandResult> OfAsync(string workingDirectory, params string[] arguments)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 10_000;
        var code = await new CommandLine(console, errors, workingDirectory).RunAsync(arguments, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), errors.ToString());
    }
}
