using System.Text.Json.Nodes;
using System.Xml.Linq;
using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Predict;

public class PredictTests
{
    private const string ByHand = Sources.Usings + """
        static class Script
        {
            static Tensor Score(Tensor x)
            {
                using var w = randn(784, 100);
                return sigmoid(matmul(x, w));
            }
        }
        """;

    [Fact]
    public async Task Text_HasATableAModel_WithThePlace()
    {
        using var folder = new SourceFolder().With("models/Net.cs", Sources.Saturated());

        var result = await folder.RunAsync("predict", ".");
        var lines = result.Output.ReplaceLineEndings("\n").Split('\n');

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal("models/Net.cs:5: Net", lines[0]);
        Assert.Matches("^  layer +kind +fan-in +pre-act. std +saturated", lines[1]);
        Assert.Matches(@"^  fc1 +Linear +784 +28 +8\d(\.\d)?% ", lines[2]);
        Assert.EndsWith("1 model\n", result.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Json_HasTheNumbersInFull()
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Saturated());

        var model = (await folder.RunAsync("predict", ".", "--format", "json")).Json["models"]![0]!;
        var layer = model["layers"]![0]!;

        Assert.Equal(("Net", "fc1", 784), (model["model"]!.GetValue<string>(), layer["layer"]!.GetValue<string>(), layer["fanIn"]!.GetValue<double>()));
        Assert.InRange(layer["preActivationStd"]!.GetValue<double>(), 27.9, 28.1);
        Assert.InRange(layer["saturatedShare"]!.GetValue<double>(), 0.85, 0.95);
    }

    /// <summary>Code stands in more places than bodies: none of them may hide the rest of its member.</summary>
    [Theory]
    [InlineData("public Net(string? name = null) : base(name ?? \"net\")")]
    [InlineData("public Net() : this(0) { } public Net(int seed) : base(\"net\" + seed)")]
    [InlineData("public Net(int seed = 1 + 1) : base($\"net{seed}\")")]
    public async Task AConstructorWhoseHeadHoldsCode_IsFollowed(string head)
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Usings + $$"""
            class Net : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> body;

                {{head}}
                {
                    body = Sequential(("fc", Linear(300, 10, hasBias: false)));
                    init.normal_(((Linear)((Sequential)body)[0]).weight!, 0, 1);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """);

        var layer = (await folder.RunAsync("predict", ".", "--format", "json")).Json["models"]![0]!["layers"]![0]!;

        Assert.Equal("body.fc", layer["layer"]!.GetValue<string>());
    }

    [Fact]
    public async Task AnExplosion_IsStillJson()
    {
        var layers = string.Join(", ", Enumerable.Repeat("Linear(512, 512)", 200));
        using var folder = new SourceFolder().With("Net.cs", Sources.Usings + $$"""
            class Net : Module<Tensor, Tensor>
            {
                private readonly Sequential body = Sequential({{layers}});
                public Net() : base("net")
                {
                    foreach (var p in body.parameters()) init.normal_(p, 0, 1e3);
                    RegisterComponents();
                }
                public override Tensor forward(Tensor x) => body.call(x);
            }
            """);

        var layers200 = (await folder.RunAsync("predict", ".", "--format", "json")).Json["models"]![0]!["layers"]!.AsArray();

        Assert.Equal(200, layers200.Count);
    }

    [Fact]
    public async Task Html_IsWellFormed_LoadsNothing_AndEscapesWhatTheSourcesSay()
    {
        using var folder = new SourceFolder().With("<b>&.cs", Sources.Saturated());

        var page = (await folder.RunAsync("predict", ".", "--format", "html")).Output;

        Assert.DoesNotContain("<b>", page);
        Assert.Contains("&lt;b&gt;&amp;.cs:5", page);
        Assert.DoesNotContain("src=", page);
        Assert.DoesNotContain("href=", page);
        var body = XElement.Parse(page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)]);
        Assert.Equal(["fc1", "fc2"], body.Descendants("tbody").Single().Elements("tr").Select(row => row.Elements("td").First().Value));
    }

    [Fact]
    public async Task AModelAcrossFiles_IsFollowed()
    {
        const string Parts = """
            class Block : Module<Tensor, Tensor>
            {
                private readonly Linear inner = Linear(64, 64);
                public Block() : base("block") => RegisterComponents();
                public override Tensor forward(Tensor x) => functional.relu(inner.call(x));
            }
            """;
        const string Whole = """
            class Whole : Module<Tensor, Tensor>
            {
                private readonly Block block = new();
                private readonly Linear head = Linear(64, 10);
                public Whole() : base("whole") => RegisterComponents();
                public override Tensor forward(Tensor x) => head.call(block.call(x));
            }
            """;
        using var folder = new SourceFolder().With("a/Whole.cs", Sources.Usings + Whole).With("b/Block.cs", Sources.Usings + Parts);

        var models = (await folder.RunAsync("predict", ".", "--format", "json", "--model", "Whole")).Json["models"]!.AsArray();

        Assert.Equal(["block.inner", "head"], Assert.Single(models)!["layers"]!.AsArray().Select(layer => layer!["layer"]!.GetValue<string>()));
    }

    [Fact]
    public async Task AProductWrittenByHand_IsAModelToo_AndATrainingLoopIsNot()
    {
        using var folder = new SourceFolder().With("Script.cs", ByHand).With("Train.cs", Sources.Trainer("Recurrent")).With("Recurrent.cs", Sources.Recurrent("Recurrent"));

        var names = (await folder.RunAsync("predict", ".", "--format", "json")).Json["models"]!.AsArray().Select(model => model!["model"]!.GetValue<string>());

        Assert.Equal(["Recurrent", "Script.Score"], names);
    }

    [Fact]
    public async Task SourcesWithoutAModel_AreNoFault()
    {
        using var folder = new SourceFolder().With("Program.cs", "System.Console.WriteLine();");

        Assert.Contains("0 models", (await folder.RunAsync("predict", ".")).Output);
        Assert.Contains("No model was found", (await folder.RunAsync("predict", ".", "--format", "html")).Output);
        Assert.Empty(JsonNode.Parse((await folder.RunAsync("predict", ".", "--format", "json")).Output)!["models"]!.AsArray());
    }

    [Theory]
    [InlineData("predict", "Required argument 'TARGET' missing")]
    [InlineData("predict missing.cs", "there is no such file or folder")]
    [InlineData("predict notes.txt", "it is neither a folder nor a .cs, .csproj, .sln or .slnx file")]
    [InlineData("predict empty", "there is no C# source file in it")]
    [InlineData("predict Net.cs --model Other", "the sources hold no model of that name")]
    [InlineData("predict Net.cs --format sarif", "sarif")]
    public async Task ForUnusableInput_OneLineAndExitCode2(string arguments, string reason)
    {
        using var folder = new SourceFolder().With("Net.cs", Sources.Healthy()).With("notes.txt", "notes").With("empty/readme.md", "");

        var result = await folder.RunAsync(arguments.Split(' '));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(reason, result.Errors);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
    }
}
