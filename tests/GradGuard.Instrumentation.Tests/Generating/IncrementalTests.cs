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
