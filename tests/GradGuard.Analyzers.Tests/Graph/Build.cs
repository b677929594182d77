using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Graph.Building;
using GradGuard.Analyzers.Tests.Verification;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>Builds graphs of test sources, which are given <see cref="Rule.Usings"/>.</summary>
internal static class Build
{
    /// <summary>The graph of the class <c>Net</c>.</summary>
    public static ModelGraph Module(string source, string type = "Net") =>
        Of(source, compilation => GraphBuilder.BuildModule(compilation.GetTypeByMetadataName(type)!, Source(compilation), TorchSymbols.TryCreate(compilation)!));

    /// <summary>The graph of <c>forward</c>'s body <paramref name="forward"/> in a class with the fields given.</summary>
    public static ModelGraph Forward(string fields, string forward) =>
        Module(
            $$"""
            class Net : Module<Tensor, Tensor>
            {
                {{fields}}
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x)
                {
                    {{forward}}
                }
            }
            """);

    /// <summary>The graph of the method <c>C.M</c> with this body and the tensors <c>x</c> and <c>y</c> as parameters.</summary>
    public static ModelGraph Method(string body) =>
        Of(
            $$"""
            static class C { static Tensor M(Tensor x, Tensor y) { {{body}} } }
            """,
            compilation => GraphBuilder.BuildMethod(
                (IMethodSymbol)compilation.GetTypeByMetadataName("C")!.GetMembers("M").Single(), Source(compilation), TorchSymbols.TryCreate(compilation)!));

    public static OperationSource Source(CSharpCompilation compilation)
    {
        var source = new OperationSource();
        foreach (var tree in compilation.SyntaxTrees)
            source.Learn(compilation.GetSemanticModel(tree));
        return source;
    }

    public static CSharpCompilation Compilation(string source) => SourceCompilation.Of(Rule.Usings + "\n" + source);

    private static ModelGraph Of(string source, Func<CSharpCompilation, ModelGraph> build)
    {
        var compilation = Compilation(source);
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error));
        return build(compilation);
    }
}
