using GradGuard.Analyzers.Tests.Verification;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers.Tests.Source;

/// <summary>What is found where torch code and ordinary code meet: the same as if the compiler had been asked for all of it.</summary>
public class OrdinaryCodeTests
{
    private const string Trainer =
        """
        class Trainer(Linear model, optim.Optimizer optimizer) : IStep
        {
            public void Step(Tensor x) { model.call(x).mean().backward(); optimizer.step(); }
            public void Next() => Step(torch.ones(4));
        }
        """;

    [Theory]
    [InlineData("x", true)]
    [InlineData("default!", false)]
    public async Task AnOrdinaryFunction_IsFollowed(string result, bool isFound)
    {
        const string model =
            """
            class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(8, 8);
                private readonly Linear head = Linear(7, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => head.call(Functions.Same(fc.call(x)));
            }
            """;

        var found = await FindAsync(model, $"static class Functions {{ public static T Same<T>(T x) => {result}; }}");

        Assert.Equal(isFound, found.Contains("GG6007"));
    }

    [Theory]
    [InlineData("class Loop { void Run(IStep step) { while (true) step.Next(); } }", true)]
    [InlineData("class Loop { void Run(IStep step) { while (true) { step.Next(); step.Clear(); } } }", false)]
    public async Task ALoopThatNamesOnlyAnInterface_IsFollowed(string loop, bool isFound)
    {
        const string clear = "    public void Clear() => optimizer.zero_grad();\n}";
        var found = await FindAsync(Trainer[..^1] + clear, "interface IStep { void Next(); void Clear(); }", loop);

        Assert.Equal(isFound, found.Contains("GG4001"));
    }

    [Theory]
    [InlineData("public void Log(string text) => System.Console.WriteLine(text);")]
    [InlineData("public void Log(string text) { foreach (var part in text.Split(' ')) System.Console.WriteLine(part); }")]
    public async Task AnOrdinaryCallee_HidesNothing(string log)
    {
        const string loop =
            """
            class Loop
            {
                void Run(Linear model, Tensor x, ILog log)
                {
                    var optimizer = optim.SGD(model.parameters(), 0.1);
                    for (var i = 0; i < 10; i++)
                    {
                        model.call(x).mean().backward();
                        log.Log("step");
                        optimizer.step();
                    }
                }
            }
            """;

        Assert.Contains("GG4001", await FindAsync(loop, "interface ILog { void Log(string text); }", $"class ConsoleLog : ILog {{ {log} }}"));
    }

    /// <summary>The first source with TorchSharp's usings, the others without.</summary>
    private static async Task<IEnumerable<string>> FindAsync(string torchCode, params string[] ordinary)
    {
        var compilation = SourceCompilation.Of([Rule.Usings + "\n" + torchCode, .. ordinary]);
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity is DiagnosticSeverity.Error);
        var findings = await compilation.WithAnalyzers([new GradGuardAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return findings.Select(finding => finding.Id).Distinct();
    }
}
