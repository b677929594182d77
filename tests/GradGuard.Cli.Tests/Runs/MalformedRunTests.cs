using System.Text;
using System.Text.Json.Nodes;
using GradGuard.Cli.Input;
using GradGuard.Cli.Runs;
using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Runs;

/// <summary>A directory that is no run, or a damaged one, ends in one line that names the file, and the line in it.</summary>
public sealed class MalformedRunTests : IDisposable
{
    private readonly SourceFolder _folder = new();
    private readonly string _run;

    public MalformedRunTests()
    {
        _run = _folder.In("run");
        new WrittenRun().Steps(30).Alert("GG9004").WriteTo(_run);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run.json", "", "run.json: it is not JSON")]
    [InlineData("run.json", "{\"schema\":1,\"mo", "run.json: it is not JSON")]
    [InlineData("run.json", "{\"schema\":2,\"everything\":\"new\"}", "run.json: it has version 2, and this gradguard reads version 1")]
    [InlineData("run.json", "{\"schema\":1}", "run.json: it does not keep to the schema: ")]
    [InlineData("run.json", "null", "run.json: it does not keep to the schema: it is null")]
    [InlineData("run.json", "[1,2]", "run.json: it does not keep to the schema: ")]
    [InlineData("summary.json", "", "summary.json: it is not JSON")]
    [InlineData("summary.json", "{\"schema\":3}", "summary.json: it has version 3")]
    [InlineData("summary.json", "{\"schema\":\"1\"}", "summary.json: it does not keep to the schema: ")]
    [InlineData("records.jsonl", "step 1\n", "records.jsonl, line 1: it is not JSON")]
    [InlineData("records.jsonl", "step 1", "records.jsonl, line 1: it is not JSON")]
    [InlineData("records.jsonl", "\n", "records.jsonl, line 1: it is not JSON")]
    [InlineData("records.jsonl", "{\"step\":1,\n{\"step\":2,", "records.jsonl, line 1: it is not JSON")]
    [InlineData("records.jsonl", "{\"step\":1}\n", "records.jsonl, line 1: it does not keep to the schema: ")]
    [InlineData("records.jsonl", "{\"step\":1}", "records.jsonl, line 1: it does not keep to the schema: ")]
    [InlineData("records.jsonl", "{\"step\":\"1\",\"losses\":[],\"parameters\":[],\"updates\":[],\"layers\":[]}\n", "($.step)")]
    [InlineData("records.jsonl", "{\"step\":-1,\"losses\":[],\"parameters\":[],\"updates\":[],\"layers\":[]}\n", "'step' is negative")]
    [InlineData("records.jsonl", "{\"step\":0,\"losses\":[1,2],\"parameters\":[],\"updates\":[],\"layers\":[]}\n", "'losses' holds more than there were steps")]
    [InlineData("records.jsonl", "{\"step\":3,\"losses\":[],\"parameters\":[],\"updates\":[{\"name\":\"w\",\"norm\":1,\"ratio\":1,\"step\":3}],\"layers\":[]}\n", "'updates' holds one of a step that was not over")]
    [InlineData("records.jsonl", "{\"step\":0,\"losses\":[],\"parameters\":null,\"updates\":[],\"layers\":[]}\n", "records.jsonl, line 1: ")]
    [InlineData("records.jsonl", "{\"step\":0,\"losses\":[],\"parameters\":[null],\"updates\":[],\"layers\":[]}\n", "'parameters' holds null")]
    [InlineData("alerts.jsonl", "{\"id\":\"GG9004\"}\n", "alerts.jsonl, line 1: it does not keep to the schema: ")]
    [InlineData("alerts.jsonl", "{\"id\":\"GG9004\",\"severity\":\"Fatal\",\"layer\":\"\",\"step\":1,\"message\":\"\",\"advice\":\"\",\"evidence\":{}}\n", "($.severity)")]
    [InlineData("alerts.jsonl", "{\"id\":\"GG9004\",\"severity\":9,\"layer\":\"\",\"step\":1,\"message\":\"\",\"advice\":\"\",\"evidence\":{}}\n", "'severity' is none")]
    [InlineData("alerts.jsonl", "{\"id\":\"CS0001\",\"severity\":\"Info\",\"layer\":\"\",\"step\":1,\"message\":\"\",\"advice\":\"\",\"evidence\":{}}\n", "'CS0001' is no alert's number")]
    public void AFileWithOtherContents_IsNamed(string file, string contents, string expected)
    {
        File.WriteAllText(Path.Combine(_run, file), contents);
        AssertRefused(expected);
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("records.jsonl")]
    [InlineData("alerts.jsonl")]
    [InlineData("summary.json")]
    public void ABinaryFile_IsNamed(string file)
    {
        File.WriteAllBytes(Path.Combine(_run, file), [.. Enumerable.Range(0, 4096).Select(index => (byte)(index * 37))]);
        AssertRefused($"{file}");
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("records.jsonl")]
    [InlineData("alerts.jsonl")]
    public void AMissingFile_IsNamed(string file)
    {
        File.Delete(Path.Combine(_run, file));
        AssertRefused($"{file}: it is missing");
    }

    [Theory]
    [InlineData("run.json", "it is a folder, not a file")]
    [InlineData("records.jsonl", "it is a folder, not a file")]
    [InlineData("alerts.jsonl", "it is a folder, not a file")]
    [InlineData("summary.json", "it is a folder, not a file")]
    public void AFolderForAFile_IsNamed(string file, string expected)
    {
        File.Delete(Path.Combine(_run, file));
        Directory.CreateDirectory(Path.Combine(_run, file));
        AssertRefused($"{file}: {expected}");
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("records.jsonl")]
    [InlineData("alerts.jsonl")]
    [InlineData("summary.json")]
    public void ACircularLink_IsNamed(string file)
    {
        File.Delete(Path.Combine(_run, file));
        File.CreateSymbolicLink(Path.Combine(_run, file), Path.Combine(_run, file));
        AssertRefused($"{file}: it ");
    }

    /// <summary>The memory of one's own process can be opened, and its first page not be read, whoever one is.</summary>
    [Theory]
    [InlineData("run.json")]
    [InlineData("records.jsonl")]
    public void AFileThatCannotBeRead_IsNamed(string file)
    {
        if (!OperatingSystem.IsLinux())
            return;
        File.Delete(Path.Combine(_run, file));
        File.CreateSymbolicLink(Path.Combine(_run, file), "/proc/self/mem");
        AssertRefused($"{file}: it cannot be read");
    }

    [Fact]
    public void AnEndlessLine_IsGivenUpOn()
    {
        using (var file = File.AppendText(Path.Combine(_run, "records.jsonl")))
        {
            var piece = new string('x', 1 << 20);
            for (var mebibyte = 0; mebibyte < 70; mebibyte++)
                file.Write(piece);
        }

        AssertRefused("records.jsonl, line 31: it has more than 32 MiB");
    }

    [Fact]
    public void ALongLine_IsRead()
    {
        var gradients = Enumerable.Range(1, 300_000).Select(step => 1.0 / step);
        new WrittenRun().Steps(3, layers: [new { layer = "rnn", calls = 1, timeGradients = gradients }]).WriteTo(_folder.In("long"));

        Assert.Equal([300_000, 300_000, 300_000], RunDirectory.Open(_folder.In("long")).Records().Select(record => record.Layers[0].TimeGradients!.Count));
    }

    [Fact]
    public void StepsThatGoBack_AreNamed()
    {
        new WrittenRun().Step(4).Step(5).Step(5).WriteTo(_run);
        AssertRefused("records.jsonl, line 3: step 5 comes after step 5");
    }

    [Fact]
    public void RecordsThatTheSummaryNamesAndThatAreGone_AreMissed()
    {
        var run = new WrittenRun();
        run.Summary!["recordFiles"] = new JsonArray("records.1.jsonl", "records.jsonl");
        run.Step(9).WriteTo(_run);
        AssertRefused("records.1.jsonl: it is missing");
    }

    [Fact]
    public void AGapInTheNumbersOfFiles_IsMissed()
    {
        File.Copy(Path.Combine(_run, "records.jsonl"), Path.Combine(_run, "records.2.jsonl"));
        AssertRefused("records.1.jsonl: it is missing");
    }

    [Fact]
    public void AFileThatWasSetAsideHalfWritten_IsNamed()
    {
        File.Move(Path.Combine(_run, "records.jsonl"), Path.Combine(_run, "records.1.jsonl"));
        File.AppendAllText(Path.Combine(_run, "records.1.jsonl"), "{\"step\":30,\"los");
        new WrittenRun().Step(31).WriteTo(_folder.In("rest"));
        File.Copy(_folder.In("rest/records.jsonl"), Path.Combine(_run, "records.jsonl"));
        AssertRefused("records.1.jsonl, line 31: it is not JSON");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"step\":30,\"losses\":[0.5")]
    [InlineData("{\"step\":30,\"losses\":[0.5],\"parameters\":[{\"name\":\"fc")]
    [InlineData("{\"step\":30,\"losses\":[0.5],\"parameters\":[{\"name\":\"ü")]
    public void ALastLineThatWasCut_IsLeftOutAndTold(string rest)
    {
        using (var file = File.Open(Path.Combine(_run, "records.jsonl"), FileMode.Append))
            file.Write(Encoding.UTF8.GetBytes(rest)[..^(rest.EndsWith('ü') ? 1 : 0)]);
        var run = RunDirectory.Open(_run);

        Assert.Equal(30, run.Records().Count());
        Assert.Equal(["records.jsonl"], run.CutShort);
    }

    [Fact]
    public void WhatALaterMonitorAdds_IsLeftAlone()
    {
        File.WriteAllText(Path.Combine(_run, "records.jsonl"), "{\"step\":3,\"colour\":{\"red\":1},\"losses\":[2,\"NaN\",null],\"parameters\":[],\"updates\":[],\"layers\":[]}\n");

        var record = Assert.Single(RunDirectory.Open(_run).Records());
        Assert.Equal([(1, 2), (2, double.NaN), (3, null)], record.LossesBySteps());
        Assert.False(record.IsSampled);
    }

    [Theory]
    [InlineData("gone", "there is no such folder")]
    [InlineData("run/run.json", "it is a file, not a run directory")]
    [InlineData("empty", "there is no run in it")]
    [InlineData("remains", "run.json: it is missing")]
    public void WhatIsNoRun_IsTold(string path, string expected)
    {
        Directory.CreateDirectory(_folder.In("empty/folder"));
        Directory.CreateSymbolicLink(_folder.In("empty/loop"), _folder.In("empty"));
        File.WriteAllText(_folder.In("remains/one/records.jsonl"), "");
        var error = Assert.Throws<InputException>(() => RunSearch.Of(_folder.In(path)));
        Assert.Contains(expected, error.Message);
    }

    private void AssertRefused(string expected)
    {
        var error = Assert.Throws<InputException>(() =>
        {
            foreach (var run in RunSearch.Of(_run))
                _ = (run.Records().Count(), run.Alerts().Count());
        });
        Assert.Contains(expected, error.Message);
        Assert.Contains(_run, error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }
}
