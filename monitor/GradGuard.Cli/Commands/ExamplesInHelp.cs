using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace GradGuard.Cli.Commands;

/// <summary>Ends the help of a command with examples of how it is used.</summary>
internal static class ExamplesInHelp
{
    /// <param name="command">The command, with its options already in it.</param>
    /// <param name="examples">What to type, and what it does.</param>
    public static Command WithExamples(this Command command, params (string Line, string Purpose)[] examples)
    {
        var help = new HelpOption();
        help.Action = new Action((HelpAction)help.Action!, examples);
        command.Options.Add(help);
        return command;
    }

    private sealed class Action(HelpAction inner, (string Line, string Purpose)[] examples) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parsed)
        {
            var code = inner.Invoke(parsed);
            var output = parsed.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            var width = examples.Max(example => example.Line.Length);
            foreach (var (line, purpose) in examples)
                output.WriteLine($"  {line.PadRight(width)}  {purpose}");
            return code;
        }
    }
}
