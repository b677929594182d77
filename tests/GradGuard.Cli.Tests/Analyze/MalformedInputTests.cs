using System.Text;
using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Analyze;

/// <summary>Input that nothing can be done with ends in exit code 2 and one line; input of which something can be read is read, and the rest told.</summary>
public class MalformedInputTests
{
    private static readonly byte[] Binary = [.. Enumerable.Range(0, 4096).Select(index => (byte)(index * 37))];

    private const long MiB = 1024 * 1024;

    /// <summary>What nobody can read anything in, as the target of each command.</summary>
    public static TheoryData<string, string> Targets => new()
    {
        { "missing.cs", "there is no such file or folder" },
        { "missing/folder", "there is no such file or folder" },
        { "circle.cs", "circle.cs: " },
        { "dangling.cs", "dangling.cs: " },
        { "circle.csproj", "circle.csproj" },
        { "notes.txt", "it is neither a folder nor a .cs, .csproj, .sln or .slnx file" },
        { "binary.cs", "it is a binary file, not C# text" },
        { "no-byte-order-mark.cs", "it is a binary file, not C# text" },
        { "huge.cs", "its 100 MiB are more than the 16 MiB that a source file may have" },
        { "no-sources", "there is no C# source file in it" },
        { "no-sources/empty", "there is no C# source file in it" },
        { "only-binary", "none of its 1 source files can be read" },
        { "only-huge", "none of its 1 source files can be read" },
        { "only-a-circle", "there is no C# source file in it" },
        { "truncated.csproj", "truncated.csproj" },
        { "empty.csproj", "empty.csproj" },
        { "binary.csproj", "binary.csproj" },
        { "empty.sln", "empty.sln" },
        { "binary.slnx", "binary.slnx" },
        { " ", "TARGET is empty" },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task ForATargetThatCannotBeRead_OneLineAndExitCode2(string target, string reason)
    {
        using var folder = Damaged();
        var before = folder.Contents();
        foreach (var command in new[] { "analyze", "predict" })
        {
            var result = await folder.RunAsync(command, target);

            AssertRefused(result, reason);
            Assert.Equal(before, folder.Contents());
        }
    }

    [Theory]
    [InlineData("", "name a command")]
    [InlineData("analyze", "Required argument 'TARGET' missing")]
    [InlineData("analyze Net.cs --rules GG7", "there is no such rule")]
    [InlineData("analyze Net.cs --rules X", "there is no such rule")]
    [InlineData("analyze Net.cs --reference missing.dll", "there is no such file or folder")]
    [InlineData("analyze Net.cs --reference notes.txt", "it is not a .NET assembly")]
    [InlineData("predict Net.cs --reference notes.txt", "it is not a .NET assembly")]
    [InlineData("analyze Net.cs --reference empty.csproj", "it is not a .NET assembly")]
    [InlineData("analyze Net.cs --format xml", "xml")]
    [InlineData("analyze Net.cs --fail-on sometimes", "sometimes")]
    [InlineData("analyze Net.cs Net.cs", "Net.cs")]
    [InlineData("analyse Net.cs", "analyse")]
    [InlineData("analyze Net.cs --no-such-option", "--no-such-option")]
    [InlineData("predict Net.cs --no-such-option", "--no-such-option")]
    [InlineData("analyze Net.cs --output", "--output")]
    [InlineData("analyze Net.cs --output a --write-baseline b", "exclude each other")]
    public async Task ForUnusableOptions_OneLineAndExitCode2(string arguments, string reason)
    {
        using var folder = Damaged();
        var before = folder.Contents();

        AssertRefused(await folder.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)), reason);
        Assert.Equal(before, folder.Contents());
    }

    [Fact]
    public async Task AFileThatMayNotBeRead_IsRefusedAlone_AndSkippedBesideOthers()
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated()).With("secret.cs", Sources.Saturated("Secret"));
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("root may read everything, and Windows has no file modes");
            return;
        }

        File.SetUnixFileMode(folder.In("secret.cs"), UnixFileMode.None);

        AssertRefused(await folder.RunAsync("analyze", "secret.cs"), "secret.cs");
        Assert.Equal(["GG1002"], (await folder.RunAsync("analyze", ".", "--format", "json")).Ids);
    }

    public static TheoryData<string, byte[]> Encodings => new()
    {
        { "UTF-8 with its mark", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Commented)] },
        { "UTF-16, low byte first", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Commented)] },
        { "UTF-16, high byte first", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Commented)] },
        { "Latin-1", Encoding.Latin1.GetBytes(Commented) },
        { "lines that end as on Windows", Encoding.UTF8.GetBytes(Commented.ReplaceLineEndings("\r\n")) },
        { "lines that end as on old Macs", Encoding.UTF8.GetBytes(Commented.ReplaceLineEndings("\r")) },
        { "no end of the last line", Encoding.UTF8.GetBytes(Commented.TrimEnd()) },
        { "truncated behind the finding", Encoding.UTF8.GetBytes(Commented[..Commented.IndexOf("fc2.call", StringComparison.Ordinal)]) },
    };

    private static string Commented => "// größer als zuvor\n" + Sources.Saturated();

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task TextOfAnyEncoding_IsJudged(string encoding, byte[] bytes)
    {
        using var folder = new SourceFolder().With("Net.cs", bytes);

        var analysis = await folder.RunAsync("analyze", "Net.cs", "--format", "json");
        var prediction = await folder.RunAsync("predict", "Net.cs", "--format", "json");

        Assert.Equal(0, prediction.ExitCode);
        if (encoding.StartsWith("truncated", StringComparison.Ordinal))
            Assert.InRange(analysis.ExitCode, 0, 1);
        else
            Assert.Equal((12, "fc1"), (analysis.Json["findings"]![0]!["place"]!["line"]!.GetValue<int>(), prediction.Json["models"]![0]!["layers"]![0]!["layer"]!.GetValue<string>()));
    }

    [Fact]
    public async Task WhatCannotBeRead_IsSkippedAndTold()
    {
        using var folder = new SourceFolder()
            .With("Net.cs", Sources.Saturated()).With("binary.cs", Binary).With("empty.cs", "").With("folder.cs/Inner.cs", "").With("huge.cs", 17 * MiB)
            .With("broken/broken.csproj", "<Project><ItemGroup>").With("broken/Other.cs", Sources.Saturated("Other"));
        File.CreateSymbolicLink(folder.In("dangling.cs"), folder.In("gone.cs"));
        Directory.CreateSymbolicLink(folder.In("loop"), folder.Path);

        var result = await folder.RunAsync("analyze", ".", "--format", "json");

        Assert.Equal(["GG1002", "GG1002"], result.Ids);
        Assert.Equal(
            ["binary.cs", "broken.csproj", "dangling.cs", "huge.cs"],
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

    private static void AssertRefused(CommandResult result, string reason)
    {
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: ", result.Errors);
        Assert.Contains(reason, result.Errors);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
    }

    private static SourceFolder Damaged()
    {
        var folder = new SourceFolder()
            .With("Net.cs", Sources.Saturated()).With("notes.txt", "notes").With("binary.cs", Binary).With("huge.cs", 100 * MiB).With("no-sources/readme.md", "")
            .With("no-byte-order-mark.cs", Encoding.Unicode.GetBytes(Sources.Saturated())).With("only-binary/a.cs", Binary).With("only-huge/a.cs", 100 * MiB)
            .With("truncated.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFram").With("empty.csproj", "").With("binary.csproj", Binary)
            .With("empty.sln", "").With("binary.slnx", Binary).With("no-sources/empty/.gitkeep", "").With("only-a-circle/.gitkeep", "");
        File.CreateSymbolicLink(folder.In("circle.cs"), folder.In("circle.cs"));
        File.CreateSymbolicLink(folder.In("circle.csproj"), folder.In("circle.csproj"));
        File.CreateSymbolicLink(folder.In("dangling.cs"), folder.In("gone.cs"));
        Directory.CreateSymbolicLink(folder.In("only-a-circle/loop"), folder.In("only-a-circle"));
        return folder;
    }
}
