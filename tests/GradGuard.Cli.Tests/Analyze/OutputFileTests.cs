using System.Text.RegularExpressions;
using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Analyze;

/// <summary><c>--output</c> replaces what the tool wrote there before, and nothing else.</summary>
public partial class OutputFileTests
{
    [Theory]
    [InlineData("analyze", "text")]
    [InlineData("analyze", "json")]
    [InlineData("analyze", "sarif")]
    [InlineData("analyze", "github")]
    [InlineData("predict", "text")]
    [InlineData("predict", "json")]
    [InlineData("predict", "html")]
    public async Task TheFile_HoldsWhatStandardOutputWouldHave(string command, string format)
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated());
        var direct = await folder.RunAsync(command, "Net.cs", "--format", format);

        var toFile = await folder.RunAsync(command, "Net.cs", "--format", format, "--output", "out.txt");

        Assert.Equal((direct.ExitCode, "", ""), (toFile.ExitCode, toFile.Output, toFile.Errors));
        Assert.Equal(WithoutTimes(direct.Output), WithoutTimes(File.ReadAllText(folder.In("out.txt"))));
        Assert.Equal(["Net.cs", "out.txt"], folder.Contents().Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("analyze", "json")]
    [InlineData("analyze", "sarif")]
    [InlineData("predict", "json")]
    [InlineData("predict", "html")]
    public async Task WhatTheToolWrote_IsReplaced(string command, string format)
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated("Before"));
        await folder.RunAsync(command, ".", "--format", format, "--output", "out");
        folder.With("Net.cs", Sources.Saturated("Behind"));

        var again = await folder.RunAsync(command, ".", "--format", format, "--output", "out");

        Assert.Equal("", again.Errors);
        Assert.Contains("Behind", File.ReadAllText(folder.In("out")));
        Assert.DoesNotContain("Before", File.ReadAllText(folder.In("out")));
    }

    [Theory]
    [InlineData("notes.txt", "is left alone")]
    [InlineData("empty.txt", "is left alone")]
    [InlineData("other.json", "is left alone")]
    [InlineData("other.sarif", "is left alone")]
    [InlineData("Net.cs", "is left alone")]
    [InlineData(".", "it is a folder")]
    [InlineData("missing/out.json", "there is no folder")]
    [InlineData("taken", "taken.unfinished is in the way")]
    public async Task WhatOthersWrote_IsLeftAlone(string file, string reason)
    {
        using var folder = new SourceFolder()
            .With("Net.cs", Sources.Saturated()).With("notes.txt", "mine").With("empty.txt", "").With("other.json", """{ "tool": "Other" }""")
            .With("other.sarif", """{ "runs": [ { "tool": { "driver": { "name": "Other" } } } ] }""").With("taken.unfinished", "mine");
        var before = folder.Contents().Where(File.Exists).ToDictionary(path => path, File.ReadAllText);

        foreach (var command in new[] { "analyze", "predict" })
        {
            var result = await folder.RunAsync(command, "Net.cs", "--output", file);

            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.Contains(reason, result.Errors);
            Assert.Single(result.Errors.TrimEnd().Split('\n'));
        }

        Assert.Equal(before, folder.Contents().Where(File.Exists).ToDictionary(path => path, File.ReadAllText));
    }

    /// <summary>Times differ from run to run, and with them the order of what took how long.</summary>
    private static string WithoutTimes(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return Seconds().Replace(string.Join('\n', lines.Where(line => !Times.Any(time => line.Contains(time, StringComparison.Ordinal)))), "");
    }

    private static readonly string[] Times = ["\"seconds\"", "\"milliseconds\"", "\"what\"", "\"processorSeconds\"", "\"peakMemoryMiB\""];

    [GeneratedRegex(@"\d+\.\d s$", RegexOptions.Multiline)]
    private static partial Regex Seconds();
}
