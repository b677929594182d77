using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Graph.Building;
using GradGuard.Analyzers.Source;
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
        Of(source, (compilation, resolver) => GraphBuilder.BuildModule(compilation.GetTypeByMetadataName(type)!, resolver, TorchSymbols.TryCreate(compilation)!));

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
            (compilation, resolver) => GraphBuilder.BuildMethod(
                (IMethodSymbol)compilation.GetTypeByMetadataName("C")!.GetMembers("M").Single(), resolver, TorchSymbols.TryCreate(compilation)!));

    /// <summary>As <see cref="Module"/>, over code that does not compile.</summary>
    public static ModelGraph HalfWritten(string source)
    {
        var (gathered, resolver) = GatheringAnalyzer.Gather(Compilation(source));
        return GraphBuilder.BuildModule(gathered.GetTypeByMetadataName("Net")!, resolver, TorchSymbols.TryCreate(gathered)!);
    }

    public static CSharpCompilation Compilation(string source) => SourceCompilation.Of(Rule.Usings + "\n" + source);

    private static ModelGraph Of(string source, Func<Compilation, OperationResolver, ModelGraph> build)
    {
        var compilation = Compilation(source);
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error));
        var (gathered, resolver) = GatheringAnalyzer.Gather(compilation);
        return build(gathered, resolver);
    }
}
