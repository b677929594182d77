using GradGuard.SampleModels.Commands;
using Spectre.Console;

var console = AnsiConsole.Console;
// In a file or a pipe, nothing is gained by breaking lines at the 80 columns that Spectre assumes there.
if (Console.IsOutputRedirected) console.Profile.Width = 1000;
return new CommandLine(console, Console.Error).Run(args);
