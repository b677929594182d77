using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace GradGuard.Cli.Commands;

/// <summary>
/// Answers a shell that asks what may be typed next: <c>gradguard [suggest:12] "analyze --fo"</c>, the text behind the program's name and where the
/// cursor stands in it.
/// </summary>
/// <param name="root">The command line that is asked about.</param>
internal sealed class Suggestions(RootCommand root) : SynchronousCommandLineAction
{
    /// <summary>Answers in place of System.CommandLine's own action.</summary>
    public static SuggestDirective AddTo(RootCommand root)
    {
        InSmallLetters(root);
        var directive = root.Directives.OfType<SuggestDirective>().Single();
        directive.Action = new Suggestions(root);
        return directive;
    }

    /// <summary>
    /// One suggestion a line: what begins like the word at the cursor. Options are for who begins one; whoever does not may want a file, which a
    /// shell offers by itself where this offers nothing.
    /// </summary>
    public override int Invoke(ParseResult parseResult)
    {
        var asked = parseResult.Tokens;
        var text = asked.LastOrDefault(token => token.Type != TokenType.Directive)?.Value ?? "";
        var cursor = Cursor(asked.First(token => token.Type == TokenType.Directive).Value) is { } at && at < text.Length ? at : text.Length;
        // System.CommandLine 3.0.0 throws where it is to complete the value in --format=json.
        var words = text[..cursor].Replace('=', ' ');
        var word = words[(words.LastIndexOf(' ') + 1)..];
        var fitting = root.Parse(words).GetCompletions(cursor)
            .Select(completion => completion.Label)
            .Where(label => label.StartsWith(word, StringComparison.OrdinalIgnoreCase) && !label.StartsWith('/') && label.StartsWith('-') == word.StartsWith('-'))
            .Distinct();
        foreach (var label in fitting)
            parseResult.InvocationConfiguration.Output.WriteLine(label);
        return ExitCode.Clean;
    }

    /// <summary>The 12 of <c>[suggest:12]</c>.</summary>
    private static int? Cursor(string directive) =>
        int.TryParse(directive.Trim('[', ']').Split(':')[^1], out var cursor) && cursor >= 0 ? cursor : null;

    /// <summary>Values of options and arguments as help and documentation write them.</summary>
    private static void InSmallLetters(Command command)
    {
        foreach (var option in command.Options.Where(option => option.ValueType.IsEnum))
            Replace(option.CompletionSources, option.ValueType);
        foreach (var argument in command.Arguments.Where(argument => argument.ValueType.IsEnum))
            Replace(argument.CompletionSources, argument.ValueType);
        foreach (var subcommand in command.Subcommands)
            InSmallLetters(subcommand);
    }

    private static void Replace(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, Type choices)
    {
        sources.Clear();
        sources.Add(Enum.GetNames(choices).Select(name => name.ToLowerInvariant()).ToArray());
    }
}
