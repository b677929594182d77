using GradGuard.Analyzers.Graph.Building;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>Code that is still being typed never throws, and what is already whole is understood.</summary>
public class HalfWrittenTests
{
    private const string Model =
        """
        class Block : Module<Tensor, Tensor>
        {
            readonly Sequential body = Sequential(("a", Linear(4, 8)), ("b", ReLU()));
            public Block(int width = 3) : base("block") { for (int i = 0; i < width; i++) body.append(Linear(8, 8)); RegisterComponents(); }
            public override Tensor forward(Tensor x) => x + body.call(x);
        }
        class Net : Module<Tensor, Tensor>
        {
            readonly Block block = new(2);
            readonly LSTM lstm = LSTM(4, 6);
            Parameter W = Parameter(randn(6, 6) * 0.1);
            public Net() : base("net") { init.normal_(lstm.get_parameter("weight_hh_l0"), 0, 1); RegisterComponents(); }
            public override Tensor forward(Tensor x)
            {
                var (y, (h, c)) = (lstm.call(x).Item1, (x, x));
                for (int t = 0; t < 5; t++) { using (var old = h) h = tanh(W.mv(old) + y); }
                Func<Tensor, Tensor> act = v => v switch { null => y, _ => v.relu() };
                return act(h) * (1 / (1 + exp(-c)));
            }
        }
        """;

    [Fact]
    public void AModelCutOffAnywhereNeverThrows()
    {
        for (var length = 0; length <= Model.Length; length += 41)
            BuildAll(Model.Substring(0, length));
    }

    [Fact]
    public void AModelWithAnyTokenMissingNeverThrows()
    {
        var tokens = CSharpSyntaxTree.ParseText(Model, cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken).DescendantTokens().ToArray();
        for (var index = 0; index < tokens.Length; index += 13)
            BuildAll(Model.Remove(tokens[index].SpanStart, tokens[index].Span.Length));
    }

    [Fact]
    public void WhatIsWholeIsUnderstood()
    {
        var graph = Build.HalfWritten(
            """
            class Net : Module<Tensor, Tensor>
            {
                readonly Linear fc = Linear(4, 8);
                readonly Conv2d broken = Conv2d(3, ;
                public Net() : base("net") { RegisterComponents() }
                public override Tensor forward(Tensor x)
                {
                    var h = fc.call(x).sigmoid()
                    return h + missing(h;
                }
            }
            """);
        Assert.Contains("fc Linear 4→8 Default", GraphDump.Layers(graph));
        Assert.Contains("Sigmoid(fc(x))", GraphDump.Outputs(graph));
        Assert.NotEmpty(graph.Unknowns);
    }

    [Fact]
    public void RecursionEndsInAnUnknown()
    {
        var graph = Build.Method("Tensor Loop(Tensor t) => Loop(t.relu()); return Loop(x);");
        Assert.Contains(graph.Unknowns, unknown => unknown.Reason.Contains("recursion"));
    }

    private static void BuildAll(string source)
    {
        var compilation = Build.Compilation(source);
        var symbols = TorchSymbols.TryCreate(compilation)!;
        var (gathered, resolver) = GatheringAnalyzer.Gather(compilation);
        var tree = gathered.SyntaxTrees.Single();
        var types = tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<ClassDeclarationSyntax>()
            .Select(type => gathered.GetSemanticModel(tree).GetDeclaredSymbol(type)!);
        foreach (var type in types)
        {
            foreach (var graph in GraphBuilder.BuildAll(type, resolver, symbols, TestContext.Current.CancellationToken))
                Assert.All(graph.Nodes, node => Assert.All(node.Inputs, input => Assert.Contains(input, graph.Nodes)));
        }
    }
}
