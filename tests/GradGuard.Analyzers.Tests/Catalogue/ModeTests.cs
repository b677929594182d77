using GradGuard.Analyzers.Tests.Verification;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Tests.Catalogue;

/// <summary>The package's modes: what their settings files say, which one a build takes, and what they do to findings.</summary>
public class ModeTests(ModeFiles files) : IClassFixture<ModeFiles>
{
    private const string Suggestion = "class Script { Tensor Run(Linear layer, Tensor x) => layer.{|#0:forward|}(x); }";
    private const string Warning = "class Net : Module<Tensor, Tensor> { public Net() : base(\"net\") { } public override Tensor forward(Tensor x) => {|#0:functional.dropout(x)|}; }";

    [Theory]
    [InlineData("none", "none")]
    [InlineData("default", "default")]
    [InlineData("strict", "warning")]
    public void AModeNamesEachRuleOfTheCatalogue(string mode, string severity)
    {
        var lines = files.Read(mode).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["is_global = true", "global_level = -1"], lines[1..3]);
        Assert.Equal(
            RuleCatalogue.Descriptors.Select(rule => $"dotnet_diagnostic.{rule.Id}.severity = {severity}").Distinct().Order(),
            lines[3..].Order());
    }

    [Theory]
    [InlineData("strict", Suggestion, "GG6001", DiagnosticSeverity.Warning)]
    [InlineData("default", Suggestion, "GG6001", DiagnosticSeverity.Info)]
    [InlineData("strict", Warning, "GG6005", DiagnosticSeverity.Warning)]
    [InlineData("default", Warning, "GG6005", DiagnosticSeverity.Warning)]
    public Task AModeSetsTheSeverity(string mode, string source, string id, DiagnosticSeverity severity) => FindsAsync(mode, source, id, severity);

    [Theory]
    [InlineData(Suggestion, "GG6001")]
    [InlineData(Warning, "GG6005")]
    public Task NoneIsSilent(string source, string id) => FindsAsync("none", source, id, severity: null);

    [Fact]
    public Task TheProjectsOwnSettingWins() => FindsAsync(
        "none", Warning, "GG6005", DiagnosticSeverity.Warning, "root = true\n[*.cs]\ndotnet_diagnostic.GG6005.severity = warning\n");

    [Theory]
    [InlineData(null, "default")]
    [InlineData("strict", "strict")]
    [InlineData("Strict", "strict")]
    [InlineData("none", "none")]
    public async Task ABuildTakesTheFileOfItsMode(string? value, string mode)
    {
        string[] setting = value is null ? [] : [$"-p:GradGuardMode={value}"];
        var (_, output) = await files.BuildAsync([.. setting, "-getItem:EditorConfigFiles"]);

        Assert.Contains($"modes/{mode}.globalconfig", output.Replace('\\', '/'));
        Assert.Single(output.Split("\"Identity\"").Skip(1));
    }

    [Fact]
    public async Task AnUnknownMode_StopsTheBuildWithALineThatNamesTheModes()
    {
        var (exitCode, output) = await files.BuildAsync("-p:GradGuardMode=strikt", "-t:CoreCompile");

        Assert.Equal(1, exitCode);
        Assert.Contains("error GG0001: GradGuardMode is 'strikt': say none, default or strict.", output);
    }

    private Task FindsAsync(string mode, string source, string id, DiagnosticSeverity? severity, string editorConfig = "root = true\n")
    {
        var test = Rule.Test(source, id, severity ?? DiagnosticSeverity.Hidden);
        if (severity is null)
            test.ExpectedDiagnostics.Clear();
        test.TestState.AnalyzerConfigFiles.Add(("/mode.globalconfig", files.Read(mode)));
        test.TestState.AnalyzerConfigFiles.Add(("/0/.editorconfig", editorConfig));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
