using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Analyze;

/// <summary>A project with defects of several rules, worked on for a while: nothing that was accepted comes back, and one new defect shows alone.</summary>
public class BaselineSurvivalTests
{
    private const string Initialization = """
            private void Start()
            {
                var std = 1.0;
                init.normal_(fc1.weight, 0, std);
                foreach (var layer in new[] { fc1, fc2 })
                    init.zeros_(layer.bias);
            }
        """;

    private const string Forward = """
            public override Tensor forward(Tensor x) => fc2.forward(functional.sigmoid(fc1.forward(x)));
        """;

    private const string Training = """
        var model = new Recurrent();
        var optimizer = optim.Adam(model.parameters());
        for (var step = 0; step < 10; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = functional.mse_loss(model.forward(randn(8, 20, 4)), zeros(8, 1));
            loss.backward();
            optimizer.step();
        }
        """;

    [Fact]
    public async Task WhatIsAccepted_IsOfSeveralRules()
    {
        using var folder = Project();

        Assert.Equal(["GG1002", "GG3001", "GG6001", "GG6001", "GG6001"], (await folder.RunAsync("analyze", ".", "--format", "json")).Ids.Order());
    }

    public static TheoryData<string, string, string> Rewritings => new()
    {
        { "Net.cs", "other indentation and line ends", Net(Initialization, Forward).Replace("    ", "\t").Replace("\n", "\r\n") },
        { "Net.cs", "everything on one line", Sources.Usings + Net(Initialization, Forward)[Sources.Usings.Length..].ReplaceLineEndings(" ") },
        { "Net.cs", "braces around one statement", Net(Initialization.Replace("init.zeros_(layer.bias);", "{ init.zeros_(layer.bias); }"), Forward) },
        { "Net.cs", "braces on the line before", Net(Initialization.Replace("()\n    {", "() {"), Forward) },
        { "Net.cs", "a block for an expression body", Net(Initialization, Forward.Replace("=> ", "{ return ").Replace(";", "; }")) },
        { "Net.cs", "a local for a result", Net(Initialization, Forward.Replace("=> ", "{ var result = ").Replace(";", "; return result; }")) },
        { "Net.cs", "this. and parentheses", Net(Initialization.Replace("(fc1.weight", "(this.fc1.weight"), Forward.Replace("fc2.forward(functional", "(this.fc2.forward(functional").Replace(";", ");")) },
        { "Net.cs", "a comment in the middle", Net(Initialization.Replace("(fc1.weight, ", "(fc1.weight, // spread\n"), Forward.Replace("(x)))", "(/* pixels */ x)))")) },
        { "Net.cs", "renamed locals and parameters", Net(Initialization.Replace("std", "spread").Replace("layer", "each"), Forward.Replace("Tensor x)", "Tensor pixels)").Replace("(x)", "(pixels)")) },
        { "Net.cs", "methods in another order", Net(Forward, Initialization) },
        { "Net.cs", "unrelated statements around", Net(Initialization.Replace("init.normal_", "var before = 3 * 4;\nSystem.Console.WriteLine(before);\ninit.normal_"), Forward) },
        { "Net.cs", "unrelated types around", Net(Initialization, Forward) + "\nstatic class Elsewhere { public static int Sum(int std, int x) => std + x; }\n" },
        { "Net.cs", "a namespace with braces", Net(Initialization, Forward).Replace("namespace Deep.Models;", "namespace Deep { namespace Models {") + "} }" },
        { "Train.cs", "renamed locals of a program", Program(Training.Replace("model", "network").Replace("loss", "error").Replace("mse_error", "mse_loss").Replace("optimizer", "adam").Replace("step <", "epoch <").Replace("step++", "epoch++").Replace("var step", "var epoch")) },
        { "Train.cs", "a program in a method's place", Program("System.Console.WriteLine();\n" + Training + "\nSystem.Console.WriteLine();") },
    };

    [Theory]
    [MemberData(nameof(Rewritings))]
    public async Task NothingComesBackAfter(string file, string rewriting, string text)
    {
        using var folder = await AcceptedAsync();
        folder.With(file, text);

        var result = await folder.RunAsync("analyze", ".", "--baseline", "accepted.json", "--fail-on", "info");

        Assert.True(result.ExitCode == 0, $"after {rewriting}:\n{result.Output}{result.Errors}");
        Assert.Contains("5 accepted in the baseline", result.Output);
    }

    [Fact]
    public async Task NothingComesBackAfter_MethodsMoveToAnotherFile()
    {
        using var folder = await AcceptedAsync();
        folder.With("Net.cs", Net(Initialization, "")).With("parts/Net.Forward.cs", Net("", Forward, isPart: true));

        Assert.Equal(0, (await folder.RunAsync("analyze", ".", "--baseline", "accepted.json", "--fail-on", "info")).ExitCode);
    }

    [Fact]
    public async Task OfAYearOfWork_OnlyTheNewDefectShows()
    {
        using var folder = await AcceptedAsync();
        File.Delete(folder.In("Net.cs"));
        folder
            .With("src/models/Start.cs", Net(Initialization.Replace("std", "spread").Replace("    ", "  "), "").Replace("\n", "\r\n"))
            .With("src/models/Forward.cs", Net("", Forward.Replace("=> ", "{ return ").Replace(";", "; }").Replace("Tensor x)", "Tensor input)").Replace("(x)", "(input)"), isPart: true))
            .With("src/Other.cs", Sources.Healthy("Other"))
            .With("Train.cs", Program("var seed = 7;\n" + Training.Replace("loss", "error").Replace("mse_error", "mse_loss")));
        Assert.Equal(0, (await folder.RunAsync("analyze", ".", "--baseline", "accepted.json", "--fail-on", "info")).ExitCode);

        folder.With("src/New.cs", Sources.Saturated("New"));
        var found = (await folder.RunAsync("analyze", ".", "--baseline", "accepted.json", "--format", "json")).Json["findings"]!.AsArray();

        Assert.Equal(("GG1002", "src/New.cs"), (Assert.Single(found)!["id"]!.GetValue<string>(), found[0]!["place"]!["path"]!.GetValue<string>()));
    }

    public static TheoryData<string, string, string, string> NewDefects => new()
    {
        { "the same code again in its member", "Net.cs", Net(Initialization, Forward.Replace("=> ", "{ var first = fc2.forward(functional.sigmoid(fc1.forward(x))); return ") + " }"), "GG6001 GG6001" },
        { "the same code in another member", "Net.cs", Net(Initialization, Forward + "\npublic Tensor Again(Tensor x) => fc2.call(functional.sigmoid(fc1.forward(x)));"), "GG6001" },
        { "another defect in an accepted member", "Net.cs", Net(Initialization.Replace("init.normal_(fc1.weight, 0, std);", "init.normal_(fc1.weight, 0, std);\ninit.constant_(fc2.weight, 0.5);"), Forward), "GG1001" },
        { "another number in accepted code", "Net.cs", Net(Initialization.Replace("init.normal_(fc1.weight, 0, std)", "init.normal_(fc1.weight, 0, 2 * std)"), Forward), "GG1002" },
    };

    [Theory]
    [MemberData(nameof(NewDefects))]
    public async Task ANewDefectShows(string defect, string file, string text, string ids)
    {
        using var folder = await AcceptedAsync();
        folder.With(file, text);

        var found = (await folder.RunAsync("analyze", ".", "--baseline", "accepted.json", "--format", "json")).Ids;

        Assert.True(ids == string.Join(' ', found), $"{defect}: found {string.Join(' ', found)}");
    }

    private static SourceFolder Project() =>
        new SourceFolder().With("Net.cs", Net(Initialization, Forward)).With("Recurrent.cs", Sources.Recurrent("Recurrent")).With("Train.cs", Program(Training));

    private static async Task<SourceFolder> AcceptedAsync()
    {
        var folder = Project();
        Assert.Equal(0, (await folder.RunAsync("analyze", ".", "--write-baseline", "accepted.json")).ExitCode);
        return folder;
    }

    private static string Program(string statements) => Sources.Usings + statements;

    private static string Net(string first, string second, bool isPart = false) => Sources.Usings + $$"""
        namespace Deep.Models;

        public partial class Net{{(isPart ? "" : " : Module<Tensor, Tensor>")}}
        {
        {{(isPart ? "" : """
                private readonly Linear fc1 = Linear(784, 128);
                private readonly Linear fc2 = Linear(128, 10);

                public Net() : base("net")
                {
                    Start();
                    RegisterComponents();
                }
            """)}}
        {{first}}

        {{second}}
        }

        """;
}
