using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Analyze;

/// <summary>What was accepted stays accepted however the code is moved and formatted, and nothing else does.</summary>
public class BaselineTests
{
    private const string Model = """
        class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(784, 128);
            private readonly Linear fc2 = Linear(128, 10);
            public Net() : base("net")
            {
                foreach (var layer in new[] { fc1, fc2 })
                    layer.to(CPU);
                var std = 1.0;
                init.normal_(fc1.weight, 0, std);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                using var hidden = functional.sigmoid(fc1.forward(x));
                return fc2.call(hidden);
            }
        }
        """;

    private static string Source(string model) => Sources.Usings + model;

    [Fact]
    public async Task AcceptedFindings_AreLeftOut()
    {
        using var folder = await AcceptedAsync(Model);

        var result = await folder.RunAsync("analyze", ".", "--baseline", "accepted.json", "--fail-on", "info");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("2 accepted in the baseline", result.Output);
    }

    public static TheoryData<string, string> Rewritings => new()
    {
        { "other indentation", Model.Replace("    ", "\t\t") },
        { "a line in several", Model.Replace("init.normal_(fc1.weight, 0, std);", "init\n  .normal_(\n  fc1.weight, // why\n  0, std\n  );") },
        { "comments and lines before", "// a comment\n\n\nclass Other { }\n\n" + Model },
        { "renamed local", Model.Replace("std", "spread").Replace("hidden", "h") },
        { "renamed parameter", Model.Replace("Tensor x)", "Tensor image)").Replace("forward(x)", "forward(image)") },
        { "moved methods", Move(Model) },
    };

    [Theory]
    [MemberData(nameof(Rewritings))]
    public async Task AcceptedFindings_StayAcceptedAfter(string rewriting, string model)
    {
        using var folder = await AcceptedAsync(Model);
        folder.With("Net.cs", Source(model));

        var result = await folder.RunAsync("analyze", ".", "--baseline", "accepted.json", "--fail-on", "info");

        Assert.True(result.ExitCode == 0, $"after {rewriting}:\n{result.Output}");
    }

    [Fact]
    public async Task AcceptedFindings_StayAcceptedInAnotherFile()
    {
        using var folder = await AcceptedAsync(Model);
        File.Move(folder.In("Net.cs"), folder.In("models/Renamed.cs"));

        Assert.Equal(0, (await folder.RunAsync("analyze", ".", "--baseline", "accepted.json", "--fail-on", "info")).ExitCode);
    }

    public static TheoryData<string, string> NewDefects => new()
    {
        { "GG1002", Model.Replace("RegisterComponents();", "init.normal_(fc1.weight, 0, 2);\n        RegisterComponents();").Replace("init.normal_(fc1.weight, 0, std);", "") },
        { "GG6001", Model.Replace("fc2.call(hidden)", "fc2.forward(hidden)") },
        { "GG6001", Model.Replace("using var hidden = functional.sigmoid(fc1.forward(x));", "using var hidden = functional.sigmoid(fc1.forward(x));\nusing var again = functional.sigmoid(fc1.forward(x));") },
    };

    [Theory]
    [MemberData(nameof(NewDefects))]
    public async Task ANewDefect_IsShownAlone(string id, string model)
    {
        using var folder = await AcceptedAsync(Model);
        folder.With("Net.cs", Source(model));

        Assert.Equal([id], (await folder.RunAsync("analyze", ".", "--baseline", "accepted.json", "--format", "json")).Ids);
    }

    [Fact]
    public async Task ABaseline_IsWrittenAgainInPlace_AndNothingIsLeftBeside()
    {
        using var folder = await AcceptedAsync(Model);
        folder.With("Net.cs", Source(Sources.Healthy()));

        Assert.Equal(0, (await folder.RunAsync("analyze", ".", "--write-baseline", "accepted.json")).ExitCode);

        Assert.DoesNotContain("GG1002", File.ReadAllText(folder.In("accepted.json")));
        Assert.Equal(["Net.cs", "accepted.json"], folder.Contents().Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("--write-baseline notes.txt", "is not a baseline of gradguard, and is left alone")]
    [InlineData("--write-baseline other.json", "is not a baseline of gradguard, and is left alone")]
    [InlineData("--write-baseline .", "it is a folder")]
    [InlineData("--write-baseline missing/accepted.json", "there is no folder")]
    [InlineData("--baseline missing.json", "there is no such file")]
    [InlineData("--baseline .", "there is no such file")]
    [InlineData("--baseline notes.txt", "it is not a baseline of gradguard")]
    [InlineData("--baseline other.json", "it is not a baseline of gradguard")]
    [InlineData("--baseline empty.json", "it is not a baseline of gradguard")]
    [InlineData("--baseline truncated.json", "it is not a baseline of gradguard")]
    [InlineData("--baseline newer.json", "it has version 2")]
    [InlineData("--baseline newer.json --write-baseline newer.json", "exclude each other")]
    public async Task ForAFileThatIsNoBaseline_OneLineAndNothingWritten(string options, string reason)
    {
        const string Baseline = """{ "kind": "gradguard-baseline", "version": 2, "findings": [] }""";
        using var folder = new SourceFolder()
            .With("Net.cs", Source(Model)).With("notes.txt", "mine").With("other.json", "{ \"findings\": [] }").With("empty.json", "")
            .With("truncated.json", Baseline[..40]).With("newer.json", Baseline);
        var before = folder.Contents().Where(File.Exists).ToDictionary(file => file, File.ReadAllText);

        var result = await folder.RunAsync(["analyze", ".", .. options.Split(' ')]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(reason, result.Errors);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
        Assert.Equal(before, folder.Contents().Where(File.Exists).ToDictionary(file => file, File.ReadAllText));
    }

    private static async Task<SourceFolder> AcceptedAsync(string model)
    {
        var folder = new SourceFolder().With("Net.cs", Source(model));
        Assert.Equal(0, (await folder.RunAsync("analyze", ".", "--write-baseline", "accepted.json")).ExitCode);
        return folder;
    }

    /// <summary>The constructor last.</summary>
    private static string Move(string model)
    {
        var constructor = model[model.IndexOf("    public Net()", StringComparison.Ordinal)..model.IndexOf("    public override", StringComparison.Ordinal)];
        return model.Replace(constructor, "")[..^1] + constructor + "}";
    }
}
