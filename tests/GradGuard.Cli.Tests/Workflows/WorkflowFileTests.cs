using System.Reflection;
using System.Text.RegularExpressions;
using GradGuard.Cli.Tests.Running;
using YamlDotNet.RepresentationModel;

namespace GradGuard.Cli.Tests.Workflows;

/// <summary>The workflow files in docs/ci can be taken as they are: they are YAML, and every command in them is one that the tool has.</summary>
public sealed partial class WorkflowFileTests
{
    private static readonly string Folder = Path.Combine(
        typeof(WorkflowFileTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!,
        "docs", "ci");

    public static IEnumerable<TheoryDataRow<string>> Files => Directory.GetFiles(Folder).Select(file => new TheoryDataRow<string>(Path.GetFileName(file)));

    [Theory]
    [InlineData("github-actions.yml", "on", "permissions", "jobs")]
    [InlineData("azure-pipelines.yml", "trigger", "pool", "steps")]
    public void AFileIsYamlWithThePartsOfItsKind(string file, params string[] parts)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Read(file)));

        var root = Assert.IsType<YamlMappingNode>(Assert.Single(yaml.Documents).RootNode);
        Assert.All(parts, part => Assert.Contains(new YamlScalarNode(part), root.Children.Keys));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task EveryCommandIsOneThatTheToolHas(string file)
    {
        using var folder = new SourceFolder();
        var commands = Commands(Read(file));

        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var help = await folder.RunAsync(command[0], "--help");
            Assert.True(help.ExitCode == 0, help.Errors);
            Assert.Contains($"gradguard {command[0]} ", help.Output);
            foreach (var (index, option) in command.Index().Where(word => word.Item.StartsWith("--", StringComparison.Ordinal)))
            {
                var line = help.Output.Split('\n').FirstOrDefault(line => line.TrimStart().StartsWith(option + " ", StringComparison.Ordinal));
                Assert.True(line is not null, $"{command[0]} has no {option}");
                if (line.Contains('|'))
                    Assert.Matches($@"[ <|]{Regex.Escape(command[index + 1])}[|> ]", line);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void AFileShowsTheWholeWay(string file)
    {
        var commands = Commands(Read(file)).Select(words => string.Join(' ', words)).ToList();

        Assert.Contains(commands, command => command.StartsWith("analyze", StringComparison.Ordinal) && command.Contains("--write-baseline"));
        Assert.Contains(commands, command => command.StartsWith("analyze", StringComparison.Ordinal) && command.Contains("--format sarif"));
        Assert.Contains(commands, command => command.StartsWith("check", StringComparison.Ordinal) && command.Contains("--format junit"));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>The words behind <c>gradguard</c> of each use, also of those in comments, up to where the shell redirects them.</summary>
    private static IReadOnlyList<string[]> Commands(string text) =>
        [.. CommandPattern().Matches(text).Select(match => match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    [GeneratedRegex(@"\bgradguard (?<words>[a-z]+ [^>\r\n]+)")]
    private static partial Regex CommandPattern();
}
