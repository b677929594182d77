using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Analyze;

/// <summary>Input that nothing can be done with ends in exit code 2 and one line; input of which something can be read is read, and the rest told.</summary>
public class MalformedInputTests
{
    private static readonly byte[] Binary = [.. Enumerable.Range(0, 4096).Select(index => (byte)(index * 37))];

    [Theory]
    [InlineData("analyze", "Required argument 'TARGET' missing")]
    [InlineData("analyze missing.cs", "there is no such file or folder")]
    [InlineData("analyze missing/folder", "there is no such file or folder")]
    [InlineData("analyze circle.cs", "circle.cs: ")]
    [InlineData("analyze notes.txt", "it is neither a folder nor a .cs, .csproj, .sln or .slnx file")]
    [InlineData("analyze binary.cs", "it is a binary file, not C# text")]
    [InlineData("analyze no-sources", "there is no C# source file in it")]
    [InlineData("analyze only-binary", "none of its 1 source files can be read")]
    [InlineData("analyze Net.cs --rules GG7", "there is no such rule")]
    [InlineData("analyze Net.cs --rules X", "there is no such rule")]
    [InlineData("analyze Net.cs --reference missing.dll", "there is no such file or folder")]
    [InlineData("analyze Net.cs --reference notes.txt", "it is not a .NET assembly")]
    [InlineData("analyze Net.cs --format xml", "xml")]
    [InlineData("analyze Net.cs --fail-on sometimes", "sometimes")]
    [InlineData("analyze Net.cs Net.cs", "Net.cs")]
    [InlineData("analyse Net.cs", "analyse")]
    [InlineData("analyze Net.cs --no-such-option", "--no-such-option")]
    public async Task ForUnusableInput_OneLineAndExitCode2(string arguments, string reason)
    {
        using var folder = new SourceFolder()
            .With("Net.cs", Sources.Saturated()).With("notes.txt", "notes").With("binary.cs", Binary).With("no-sources/readme.md", "").With("only-binary/a.cs", Binary);
        File.CreateSymbolicLink(folder.In("circle.cs"), folder.In("circle.cs"));
        var before = folder.Contents();

        var result = await folder.RunAsync(arguments.Split(' '));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: ", result.Errors);
        Assert.Contains(reason, result.Errors);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
        Assert.Equal(before, folder.Contents());
    }

    [Fact]
    public async Task WhatCannotBeRead_IsSkippedAndTold()
    {
        using var folder = new SourceFolder()
            .With("Net.cs", Sources.Saturated()).With("binary.cs", Binary).With("empty.cs", "")
            .With("broken/broken.csproj", "<Project><ItemGroup>").With("broken/Other.cs", Sources.Saturated("Other"));
        File.CreateSymbolicLink(folder.In("dangling.cs"), folder.In("gone.cs"));
        Directory.CreateSymbolicLink(folder.In("loop"), folder.Path);

        var result = await folder.RunAsync("analyze", ".", "--format", "json");

        Assert.Equal(["GG1002", "GG1002"], result.Ids);
        Assert.Equal(
            ["binary.cs", "broken.csproj", "dangling.cs"],
            result.Json["skipped"]!.AsArray().Select(skipped => Path.GetFileName(skipped!["path"]!.GetValue<string>())).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{{{{{{")]
    [InlineData("class C { void M( => ; }")]
    [InlineData("using static TorchSharp.torch; var x = randn(3)[[[")]
    public async Task SourceThatIsNoProgram_HasNoFindings(string source)
    {
        using var folder = new SourceFolder().With("Net.cs", source);

        Assert.Equal(0, (await folder.RunAsync("analyze", "Net.cs")).ExitCode);
    }

    [Fact]
    public async Task AHugeLine_IsJudgedAndNotShown()
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated().Replace("init.normal_", "/*" + new string('x', 2_000_000) + "*/ init.normal_"));

        var result = await folder.RunAsync("analyze", "Net.cs");

        Assert.Contains("GG1002", result.Output);
        Assert.True(result.Output.Length < 2000, $"{result.Output.Length} characters of output");
    }

    [Fact]
    public async Task AnEndlessExpression_DoesNotBringItDown()
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated()).With("Sum.cs", "class Sum { int All = " + string.Join("+", Enumerable.Repeat("1", 20_000)) + "; }");

        Assert.Equal(["GG1002"], (await folder.RunAsync("analyze", ".", "--format", "json")).Ids);
    }
}
