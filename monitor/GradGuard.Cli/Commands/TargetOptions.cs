using System.CommandLine;
using GradGuard.Cli.Input;

namespace GradGuard.Cli.Commands;

/// <summary>What says which sources are meant; the same for each command that reads some.</summary>
internal sealed class TargetOptions
{
    private readonly Argument<string> _target = new("TARGET") { Description = "A folder of sources or one .cs file, read as they are; or a project or solution, which is restored and compiled in memory." };

    private readonly Option<string[]> _exclude = Several("--exclude", "PATTERN", "Leave out files and folders: a name, or a path in TARGET with * and **.");

    private readonly Option<string[]> _reference = Several("--reference", "DLL", "Also compile against this assembly, or all in this folder.");

    public void AddTo(Command command)
    {
        command.Arguments.Add(_target);
        command.Options.Add(_exclude);
        command.Options.Add(_reference);
    }

    /// <summary>Loads what was named.</summary>
    /// <exception cref="InputException">Nothing there can be analysed.</exception>
    public Task<LoadedTarget> LoadAsync(ParseResult parsed, string workingDirectory, IProgress<string> progress, CancellationToken cancellation)
    {
        var named = parsed.GetRequiredValue(_target);
        // An empty path would stand for the working directory, and most likely comes from a variable that was never set.
        if (string.IsNullOrWhiteSpace(named))
            throw new InputException("TARGET is empty: name a folder, a .cs file, a project or a solution");
        var path = Path.GetFullPath(named, workingDirectory);
        var excluded = new PathPatterns(parsed.GetValue(_exclude)!);
        var references = parsed.GetValue(_reference)!.Select(reference => Path.GetFullPath(reference, workingDirectory));
        var root = Directory.Exists(path) ? path : Path.GetDirectoryName(path)!;
        return Target.LoadAsync(path, file => excluded.Match(Path.GetRelativePath(root, file)), [.. references], progress, cancellation);
    }

    /// <summary>The option that sends results to a file.</summary>
    public static Option<string?> OutputFile() => new("--output") { HelpName = "FILE", Description = "Write to this file instead; one that gradguard has not written is left alone." };

    /// <summary>An option that may be given several times.</summary>
    public static Option<string[]> Several(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description, DefaultValueFactory = _ => [] };
}
