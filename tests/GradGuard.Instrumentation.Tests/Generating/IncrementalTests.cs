using GradGuard.Instrumentation.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Instrumentation.Tests.Generating;

public sealed class IncrementalTests
{
    private static readonly BuildSettings Settings = new();

    private readonly CSharpCompilation _compilation = Compiler.Compilation(Settings, Compiler.RealCode);

    [Fact]
    public void EditingOneFile_RegeneratesThatFileAlone()
    {
        var edited = _compilation.SyntaxTrees.Single(static tree => tree.FilePath.EndsWith("PlainModels.cs", StringComparison.Ordinal));
        var reasons = ReasonsAfter(Replace(edited, edited.ToString().Replace("x.tanh()", "x.sigmoid()", StringComparison.Ordinal)));

        Assert.Equal(IncrementalStepRunReason.Modified, Assert.Single(reasons, static reason => !IsKept(reason)));
        Assert.Equal(Compiler.RealCode.Count, reasons.Count);
    }

    [Fact]
    public void EditingAFileWithoutModels_RegeneratesNothing()
    {
        var other = CSharpSyntaxTree.ParseText("class Settings { public int Width = 3; }", Compiler.ParseOptions(Settings), "/project/Settings.cs", cancellationToken: TestContext.Current.CancellationToken);
        var before = _compilation.AddSyntaxTrees(other);
        var after = before.ReplaceSyntaxTree(other, CSharpSyntaxTree.ParseText("class Settings { public int Width = 4; }", Compiler.ParseOptions(Settings), other.FilePath, cancellationToken: TestContext.Current.CancellationToken));

        Assert.All(Reasons(before, after), static reason => Assert.True(IsKept(reason)));
    }

    [Fact]
    public void TheSecondRunOverTheSameCode_RegeneratesNothing()
        => Assert.All(ReasonsAfter(_compilation.Clone()), static reason => Assert.True(IsKept(reason)));

    /// <summary>What another file declares can change what a call means; what stands in its bodies cannot.</summary>
    [Theory]
    [InlineData("public Linear Make() => null!;", "public Tensor Make() => null!;")]
    [InlineData("public Linear Make() => null!;", "private Linear Make() => null!;")]
    [InlineData("public Linear Make() => null!;", "public Local Make() => null!; } public class Local : Module<Tensor, Tensor> { public Local() : base(\"\") { } public override Tensor forward(Tensor x) => x; ")]
    [InlineData("public Linear Make() { return null!; }", "public Linear Make() { return nn.Linear(1, 1); }")]
    [InlineData("public Linear Make() => null!; private readonly int width = 3;", "public Linear Make() => null!; private readonly int width = 4;")]
    [InlineData("public Linear Make() => null!;", "public Linear Make(int n = 1) => null!;")]
    public void AfterAnEditOfAnotherFile_TheOutputIsThatOfAFreshRun(string before, string after)
    {
        const string Caller = "using TorchSharp; using static TorchSharp.torch; public class Caller : nn.Module<Tensor, Tensor> { public Caller() : base(\"\") { } public override Tensor forward(Tensor x) { return new Factory().Make()?.forward(x)!.relu(); } }";
        const string Head = "using TorchSharp; using TorchSharp.Modules; using static TorchSharp.torch; using static TorchSharp.torch.nn; public class Factory { ";
        var cancellation = TestContext.Current.CancellationToken;
        var old = Compiler.Compilation(Settings, [("Caller.cs", Caller), ("Factory.cs", Head + before + "}")]);
        var tree = old.SyntaxTrees[1];
        var edited = old.ReplaceSyntaxTree(
            tree, CSharpSyntaxTree.ParseText(Head + after + "}", Compiler.ParseOptions(Settings), tree.FilePath, System.Text.Encoding.UTF8, cancellation));

        var driver = Compiler.Driver(Settings).RunGenerators(old, cancellation);
        Assert.NotEmpty(driver.GetRunResult().GeneratedTrees);
        var incremental = driver.RunGenerators(edited, cancellation).GetRunResult();
        var fresh = Compiler.Driver(Settings)
            .RunGenerators(Compiler.Compilation(Settings, [("Caller.cs", Caller), ("Factory.cs", Head + after + "}")]), cancellation).GetRunResult();

        Assert.Equal(Texts(fresh), Texts(incremental));
    }

    private static IEnumerable<string> Texts(GeneratorDriverRunResult result) => result.GeneratedTrees.Select(static tree => tree.ToString());

    private CSharpCompilation Replace(SyntaxTree tree, string text)
    {
        Assert.NotEqual(tree.ToString(), text);
        return _compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, Compiler.ParseOptions(Settings), tree.FilePath));
    }

    private List<IncrementalStepRunReason> ReasonsAfter(CSharpCompilation after) => Reasons(_compilation, after);

    private static List<IncrementalStepRunReason> Reasons(CSharpCompilation before, CSharpCompilation after)
    {
        var driver = Compiler.Driver(Settings).RunGenerators(before).RunGenerators(after);
        return [.. driver.GetRunResult().Results.Single().TrackedSteps[InstrumentationGenerator.OutputsStep]
            .SelectMany(static step => step.Outputs).Select(static output => output.Reason)];
    }

    private static bool IsKept(IncrementalStepRunReason reason)
        => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;
}
