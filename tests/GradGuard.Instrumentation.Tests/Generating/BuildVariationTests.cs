using GradGuard.Instrumentation.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace GradGuard.Instrumentation.Tests.Generating;

public sealed class BuildVariationTests
{
    public static TheoryData<bool, bool, bool> Variations =>
    [
        .. from nullable in new[] { false, true }
           from implicitUsings in new[] { false, true }
           from release in new[] { false, true }
           select (nullable, implicitUsings, release),
    ];

    [Theory, MemberData(nameof(Variations))]
    public void GeneratedCode_CompilesWithoutAWarning(bool nullable, bool implicitUsings, bool release)
    {
        var compilation = Compiler.Generate(
            new BuildSettings
            {
                Nullable = nullable ? NullableContextOptions.Enable : NullableContextOptions.Disable,
                ImplicitUsings = implicitUsings,
                Optimization = release ? OptimizationLevel.Release : OptimizationLevel.Debug,
            },
            Compiler.RealCode);

        Assert.Empty(Generated.Warnings(compilation));
        using var image = new MemoryStream();
        var result = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
    }
}
