using System.CommandLine;
using Spectre.Console;

namespace GradGuard.Cli.Commands;

/// <summary>Prints the script that makes a shell ask this command for what may be typed next, through its directive <c>[suggest]</c>.</summary>
internal sealed class CompletionCommand(IAnsiConsole console)
{
    private readonly Argument<Shell> _shell = new("SHELL") { HelpName = "bash|zsh|fish|pwsh", Description = "The shell that sources the script." };

    public Command Create()
    {
        var command = new Command("completion", "Print a script that completes gradguard's commands, options and values in a shell.") { _shell };
        command.SetAction(Run);
        return command.WithExamples(
            ("eval \"$(gradguard completion bash)\"", "in ~/.bashrc"),
            ("eval \"$(gradguard completion zsh)\"", "in ~/.zshrc"),
            ("gradguard completion fish | source", "in ~/.config/fish/config.fish"),
            ("gradguard completion pwsh | Out-String | Invoke-Expression", "in $PROFILE"));
    }

    private int Run(ParseResult parsed)
    {
        using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion.{parsed.GetValue(_shell)}")!;
        using var reader = new StreamReader(script);
        console.Profile.Out.Writer.Write(reader.ReadToEnd());
        return ExitCode.Clean;
    }

    private enum Shell
    {
        Bash,
        Zsh,
        Fish,
        Pwsh,
    }
}
