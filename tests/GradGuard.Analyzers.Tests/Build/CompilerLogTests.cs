using GradGuard.Analyzers.Build;

namespace GradGuard.Analyzers.Tests.Build;

/// <summary>The compiler's log as the gate in the build reads it.</summary>
public sealed class CompilerLogTests : IDisposable
{
    private const string Version1 = """
        {
          "$schema": "http://json.schemastore.org/sarif-1.0.0", "version": "1.0.0",
          "runs": [ { "tool": { "name": "compiler" }, "results": [
            { "ruleId": "GG1002", "level": "warning", "message": "too large",
              "locations": [ { "resultFile": { "uri": "file:///src/my%20models/Net.cs",
                "region": { "startLine": 16, "startColumn": 9, "endLine": 16, "endColumn": 40 } } } ] },
            { "ruleId": "GG5001", "level": "warning", "suppressionStates": [ "suppressedInSource" ], "message": "softmax" } ],
            "rules": { "GG1002": { "id": "GG1002", "helpUri": "https://example.org/GG1002" } } } ]
        }
        """;

    private const string Version2 = """
        {
          "$schema": "http://json.schemastore.org/sarif-2.1.0", "version": "2.1.0",
          "runs": [ { "results": [
            { "ruleId": "GG1002", "ruleIndex": 0, "message": { "text": "too large" },
              "locations": [ { "physicalLocation": { "artifactLocation": { "uri": "file:///src/my%20models/Net.cs" },
                "region": { "startLine": 16, "startColumn": 9, "endLine": 16, "endColumn": 40 } } } ] },
            { "ruleId": "GG5001", "level": "warning", "message": { "text": "softmax" }, "suppressions": [ { "kind": "inSource" } ] } ],
            "tool": { "driver": { "name": "compiler", "rules": [ { "id": "GG1002", "helpUri": "https://example.org/GG1002" } ] } } } ]
        }
        """;

    private readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData(Version1)]
    [InlineData(Version2)]
    public void BothVersionsSayTheSame_AndWhatIsSuppressedIsLeftOut(string log)
    {
        var finding = Assert.Single(Read(log));

        Assert.Equal(
            new LoggedFinding("GG1002", "warning", "too large", "/src/my models/Net.cs", 16, 9, "https://example.org/GG1002"),
            finding with { File = finding.File!.Replace('\\', '/') });
    }

    [Fact]
    public void AFindingAboutTheWholeProjectHasNoPlace()
    {
        var finding = Assert.Single(Read("""{ "runs": [ { "results": [ { "ruleId": "CS8021", "level": "note", "message": { "text": "m" } } ] } ] }"""));

        Assert.Equal(new LoggedFinding("CS8021", "note", "m", null, 0, 0, null), finding);
    }

    [Theory]
    [InlineData("""{ "runs": [ { "results": [] } ] }""")]
    [InlineData("""{ "runs": [] }""")]
    public void ALogWithoutFindingsIsEmpty(string log) => Assert.Empty(Read(log));

    [Theory]
    [InlineData("")]
    [InlineData("not a log")]
    [InlineData("""{ "runs": [ { "results": [ {""")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void WhatIsNoLogIsRefused(string text) => Assert.Throws<FormatException>(() => Read(text));

    public void Dispose() => File.Delete(_path);

    private IReadOnlyList<LoggedFinding> Read(string log)
    {
        File.WriteAllText(_path, log);
        return CompilerLog.Read(_path);
    }
}
