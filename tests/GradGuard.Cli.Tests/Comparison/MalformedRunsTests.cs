using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Comparison;

/// <summary>What cannot be compared ends in exit code 2 and one line on standard error, with nothing written.</summary>
public class MalformedRunsTests
{
    private static readonly byte[] Binary = [.. Enumerable.Range(0, 4096).Select(index => (byte)(index * 37))];

    [Theory]
    [InlineData("compare", "Required argument 'BASE' missing")]
    [InlineData("compare good", "Required argument 'RUN' missing")]
    [InlineData("compare missing good", "missing: there is no such folder")]
    [InlineData("compare good missing", "missing: there is no such folder")]
    [InlineData("compare good good/run.json", "run.json: it is a file, not a run directory")]
    [InlineData("compare good/run.json good", "run.json: it is a file, not a run directory")]
    [InlineData("compare empty good", "empty: there is no run in it")]
    [InlineData("compare good empty", "run.json: ")]
    [InlineData("compare good truncated", "run.json: it is not JSON")]
    [InlineData("compare good version", "run.json: it has version 2, and this gradguard reads version 1")]
    [InlineData("compare version good", "run.json: it has version 2, and this gradguard reads version 1")]
    [InlineData("compare good binary", "records.jsonl, line 1: it is not JSON")]
    [InlineData("compare good no-records", "it holds no records")]
    [InlineData("compare good few", "there are fewer than 5 readings")]
    [InlineData("compare good folder-for-file", "records.jsonl: ")]
    [InlineData("compare good circle", "circle: it is a file, not a run directory")]
    [InlineData("compare good good --base good", "a base is named twice")]
    [InlineData("compare good good --base missing", "missing: there is no such folder")]
    [InlineData("compare good good --steps 5", "--steps 5: it is no range of steps")]
    [InlineData("compare good good --steps 9..5", "--steps 9..5: it is no range of steps")]
    [InlineData("compare good good --steps ..", "--steps ..: it is no range of steps")]
    [InlineData("compare good good --steps -3..5", "--steps -3..5: it is no range of steps")]
    [InlineData("compare good good --steps 100..200", "there is no step to compare: good has steps 0 to 29")]
    [InlineData("compare good good --alpha 0", "--alpha 0: it is no number between 0 and 1")]
    [InlineData("compare good good --alpha many", "--alpha many: it is no number between 0 and 1")]
    [InlineData("compare good good --min-factor 1", "--min-factor 1: it is no number above 1")]
    [InlineData("compare good good --min-factor NaN", "--min-factor NaN: it is no number above 1")]
    [InlineData("compare good good --min-share 1.5", "--min-share 1.5: it is no number between 0 and 1")]
    [InlineData("compare good good --min-loss -2", "--min-loss -2: it is no number above 1")]
    [InlineData("compare good good --format sarif", "sarif")]
    [InlineData("compare good good --output good", "it is a folder")]
    [InlineData("compare good good --output good/run.json", "is left alone")]
    [InlineData("compare good good --output good/records.jsonl --format json", "is left alone")]
    [InlineData("compare good good --output nowhere/comparison.txt", "there is no folder")]
    public async Task ForUnusableInput_OneLineAndExitCode2(string arguments, string reason)
    {
        using var folder = new SourceFolder().With("empty/readme.md", "");
        foreach (var name in new[] { "good", "truncated", "version", "binary", "folder-for-file" })
            new WrittenRun().Steps(30).WriteTo(folder.In(name));
        new WrittenRun().WriteTo(folder.In("no-records"));
        new WrittenRun().Steps(4).WriteTo(folder.In("few"));
        folder.With("truncated/run.json", "{\"schema\":1,\"mo").With("version/run.json", "{\"schema\":2}").With("binary/records.jsonl", Binary);
        File.Delete(folder.In("folder-for-file/records.jsonl"));
        Directory.CreateDirectory(folder.In("folder-for-file/records.jsonl"));
        Directory.CreateSymbolicLink(folder.In("circle"), folder.In("circle"));
        var before = folder.Contents();

        var result = await folder.RunAsync(arguments.Split(' '));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: ", result.Errors);
        Assert.Contains(reason, result.Errors);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
        Assert.Equal(before, folder.Contents());
    }

    /// <summary>A file cut anywhere is read as far as it goes, or refused: nothing else comes of it.</summary>
    [Fact]
    public async Task ForARunCutAnywhere_ThereIsAVerdictOrOneLine()
    {
        using var folder = new SourceFolder();
        new WrittenRun().Steps(30).WriteTo(folder.In("good"));
        new WrittenRun().Steps(30).WriteTo(folder.In("cut"));
        var random = new Random(4);
        foreach (var file in new[] { "run.json", "records.jsonl", "summary.json" })
        {
            var whole = File.ReadAllBytes(folder.In($"good/{file}"));
            for (var trial = 0; trial < 15; trial++)
            {
                folder.With($"cut/{file}", whole[..random.Next(whole.Length)]);
                var result = await folder.RunAsync("compare", "good", "cut");

                Assert.True(result.ExitCode == 0 ? result.Errors.Length == 0 : result.ExitCode == 2 && result.Errors.StartsWith("error: ", StringComparison.Ordinal), result.Errors);
            }

            folder.With($"cut/{file}", whole);
        }
    }
}
