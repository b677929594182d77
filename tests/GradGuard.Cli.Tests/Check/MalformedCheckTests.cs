using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Check;

/// <summary>Input that no verdict can rest on ends in exit code 2 and one line, and nothing is written.</summary>
public sealed class MalformedCheckTests : IDisposable
{
    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("check", "Required argument 'RUN' missing")]
    [InlineData("check gone", "gone: there is no such folder")]
    [InlineData("check good gone", "gone: there is no such folder")]
    [InlineData("check good/run.json", "it is a file, not a run directory")]
    [InlineData("check nothing", "there is no run in it")]
    [InlineData("check circle", "circle")]
    [InlineData("check headless", "run.json: it is missing")]
    [InlineData("check truncated", "run.json: it is not JSON")]
    [InlineData("check empty", "run.json: it is not JSON")]
    [InlineData("check binary", "records.jsonl, line 1: it is not JSON")]
    [InlineData("check newer", "run.json: it has version 2, and this gradguard reads version 1")]
    [InlineData("check damaged", "damaged/records.jsonl, line 3: it is not JSON")]
    [InlineData("check all", "all/two/records.jsonl, line 3: it is not JSON")]
    [InlineData("check good --policy gone.json", "gone.json: there is no such file")]
    [InlineData("check good --policy nothing", "nothing: it is a folder, not a policy file")]
    [InlineData("check good --policy circle", "circle: it cannot be read")]
    [InlineData("check good --policy good/records.jsonl", "records.jsonl:2:1: it is not JSON")]
    [InlineData("check good --policy huge.json", "huge.json: it has more than 1 MiB, and is no policy")]
    [InlineData("check good --policy binary/records.jsonl", "records.jsonl:1:")]
    [InlineData("check good --policy good/run.json", "'schema' is not known here")]
    [InlineData("check good --source gone", "gone: there is no such folder")]
    [InlineData("check good --format xml", "xml")]
    [InlineData("check good --output nothing", "it is a folder")]
    [InlineData("check good --output good/run.json", "is left alone")]
    [InlineData("check good --output good/summary.json --format json", "is left alone")]
    [InlineData("check good --output nothing/readme.txt --format junit", "is left alone")]
    [InlineData("check good --output nowhere/report.xml", "there is no folder")]
    [InlineData("check damaged --output report.xml", "damaged/records.jsonl, line 3: it is not JSON")]
    [InlineData("check good --no-such-option", "--no-such-option")]
    public async Task ForUnusableInput_OneLineAndExitCode2(string arguments, string reason)
    {
        Write("good");
        Write("headless");
        File.Delete(_folder.In("headless/run.json"));
        Write("truncated").With("truncated/run.json", "{\"schema\":1,\"started\":\"2026");
        Write("empty").With("empty/run.json", "");
        Write("binary").With("binary/records.jsonl", [.. Enumerable.Range(0, 4096).Select(index => (byte)((index * 37) + 1))]);
        Write("newer").With("newer/run.json", "{\"schema\":2}");
        Write("damaged").With("damaged/records.jsonl", File.ReadAllText(_folder.In("good/records.jsonl"))[..^30] + "\n{}\n");
        Write("all/one");
        Write("all/two").With("all/two/records.jsonl", File.ReadAllText(_folder.In("damaged/records.jsonl")));
        _folder.With("nothing/readme.txt", "").With("huge.json", "{\"failOn\":\"" + new string('x', 2_000_000) + "\"}");
        File.CreateSymbolicLink(_folder.In("circle"), _folder.In("circle"));
        var before = _folder.Contents();

        var result = await _folder.RunAsync(arguments.Split(' '));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: ", result.Errors);
        Assert.Contains(reason, result.Errors);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
        Assert.Equal(before, _folder.Contents());
    }

    [Fact]
    public async Task AMalformedPolicyThatIsFound_IsNotPassedOver()
    {
        Write("good").With("gradguard.json", "{ \"fail\": 1 }");

        var result = await _folder.RunAsync("check", "good");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("gradguard.json:1:3: 'fail' is not known here", result.Errors);
    }

    [Fact]
    public async Task ARunThatWasKilled_IsJudgedByWhatThereIs()
    {
        new WrittenRun { Summary = null }.Steps(3).WriteTo(_folder.In("killed"));
        File.AppendAllText(_folder.In("killed/records.jsonl"), "{\"step\":3,\"losses\":[0.1");

        var result = await _folder.RunAsync("check", "killed");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("killed: it goes on or was killed: it has no summary", result.Output);
        Assert.Contains("killed: records.jsonl ends within a line: that line is left out", result.Output);
        Assert.Contains("killed: passes, 3 steps of Models.Net", result.Output);
    }

    private SourceFolder Write(string name)
    {
        new WrittenRun().Steps(3).WriteTo(_folder.In(name));
        return _folder;
    }
}
