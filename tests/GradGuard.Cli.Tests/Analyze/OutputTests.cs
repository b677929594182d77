using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Analyze;

/// <summary>What is written, and what the exit code says.</summary>
public class OutputTests
{
    [Fact]
    public async Task Text_NamesPlaceRuleNumberLineAndPage()
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated());

        var lines = (await folder.RunAsync("analyze", ".")).Output.ReplaceLineEndings("\n").Split('\n');

        Assert.StartsWith("Net.cs:11:9: warning GG1002: Weights of std 1 over fan-in 784", lines[0]);
        Assert.Equal("    init.normal_(fc1.weight);", lines[1]);
        Assert.Equal("    ^^^^^^^^^^^^^^^^^^^^^^^^", lines[2]);
        Assert.EndsWith("docs/rules/GG1002.md", lines[3]);
        Assert.StartsWith("1 warning, 0 suggestions in 1 file; every name resolved; ", lines[5]);
    }

    [Fact]
    public async Task GitHub_WritesOneAnnotationAFinding_WithDelimitersEscaped()
    {
        using var folder = new SourceFolder().With("a,b/100%.cs", Sources.Saturated());

        var result = await folder.RunAsync("analyze", ".", "--format", "github");

        Assert.StartsWith("::warning file=a%2Cb/100%25.cs,line=11,endLine=11,col=9,endColumn=33,title=GG1002 Weights start with too large a spread::Weights of std 1", result.Output);
        Assert.Contains("89%25 of the sigmoid units", result.Output);
        Assert.Single(result.Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Json_HasSeverityPlaceAndSymbol()
    {
        using var folder = new SourceFolder().With("Net.cs", "namespace Deep;\n" + Sources.Saturated());

        var finding = (await folder.RunAsync("analyze", ".", "--format", "json")).Json["findings"]![0]!;

        Assert.Equal("warning", finding["severity"]!.GetValue<string>());
        Assert.Equal(12, finding["place"]!["line"]!.GetValue<int>());
        Assert.Equal("Deep.Net..ctor", finding["symbol"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("warning", 1, 0, 0)]
    [InlineData("info", 1, 1, 0)]
    [InlineData("none", 0, 0, 0)]
    public async Task TheGate_DecidesTheExitCode(string gate, int onWarning, int onInfo, int onNothing)
    {
        using var folder = new SourceFolder().With("Warning.cs", Sources.Saturated()).With("Info.cs", Sources.ForwardCalled()).With("Nothing.cs", Sources.Healthy());

        Assert.Equal(onWarning, (await folder.RunAsync("analyze", "Warning.cs", "--fail-on", gate)).ExitCode);
        Assert.Equal(onInfo, (await folder.RunAsync("analyze", "Info.cs", "--fail-on", gate)).ExitCode);
        Assert.Equal(onNothing, (await folder.RunAsync("analyze", "Nothing.cs", "--fail-on", gate)).ExitCode);
    }

    [Theory]
    [InlineData("GG1002", true)]
    [InlineData("gg1", true)]
    [InlineData("GG1xxx", true)]
    [InlineData("GG4,GG1002", true)]
    [InlineData("GG4", false)]
    public async Task Rules_AreChosenByIdOrItsStart(string rules, bool finds)
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated());

        Assert.Equal(finds ? 1 : 0, (await folder.RunAsync("analyze", ".", "--rules", rules)).ExitCode);
    }

    [Fact]
    public async Task Timings_ShowEachRuleThatRan()
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated());

        var output = (await folder.RunAsync("analyze", ".", "--timings")).Output;

        Assert.Matches(@"\d+\.\d ms  GG1002\r?\n", output);
        Assert.Matches(@"\d+\.\d ms  compiling and analysis, rules included\r?\n", output);
    }

    [Theory]
    [InlineData("--help", "analyze")]
    [InlineData("analyze --help", "Examples:")]
    [InlineData("analyze --help", "gradguard analyze . --format sarif")]
    public async Task Help_ShowsCommandsAndExamples(string arguments, string expected)
    {
        using var folder = new SourceFolder();

        var result = await folder.RunAsync(arguments.Split(' '));

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains(expected, result.Output);
    }
}
