using GradGuard.Cli.Commands;
using Spectre.Console;

var console = AnsiConsole.Console;
// In a file or a pipe, nothing is gained by breaking lines at the 80 columns that Spectre assumes there.
if (Console.IsOutputRedirected)
    console.Profile.Width = 10_000;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await new CommandLine(console, Console.Error, Environment.CurrentDirectory).RunAsync(args, stop.Token);
