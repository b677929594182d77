using GradGuard.Analyzers.Tests.Verification;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Diagnostics.Telemetry;

namespace GradGuard.Analyzers.Tests.Live;

/// <summary>A program without TorchSharp pays for nothing but one look at its references.</summary>
public class RegistrationTests
{
    private const string ForeignTorch =
        """
        namespace TorchSharp { public static class torch { public class Tensor { public Tensor matmul(Tensor other) => other; } } }
        class Script { TorchSharp.torch.Tensor Run(TorchSharp.torch.Tensor x) => x.matmul(x); }
        """;

    [Theory]
    [InlineData("class Script { int Run(int x) => x + 1; }")]
    [InlineData(ForeignTorch)]
    public async Task WithoutTorchSharp_NothingIsRegistered(string source)
    {
        var actions = await ActionsAsync(SourceCompilation.Of(References.Framework, source));

        Assert.Equal(["CompilationStart"], actions);
    }

    [Fact]
    public async Task WithTorchSharp_TypesAndTheEndOfTheCompilationAre()
    {
        var actions = await ActionsAsync(SourceCompilation.Of(Rule.Usings + "class Script { Tensor Run(Tensor x) => x.matmul(x); }"));

        Assert.Superset(new HashSet<string> { "CompilationStart", "CompilationEnd", "SymbolStart" }, actions.ToHashSet());
    }

    /// <summary>The kinds of action that the analyzer has registered after it ran.</summary>
    private static async Task<IReadOnlyList<string>> ActionsAsync(Microsoft.CodeAnalysis.Compilation compilation)
    {
        var analyzer = new GradGuardAnalyzer();
        var analysis = compilation.WithAnalyzers([analyzer]);
        await analysis.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        var telemetry = await analysis.GetAnalyzerTelemetryInfoAsync(analyzer, TestContext.Current.CancellationToken);
        const string suffix = "ActionsCount";
        return
        [
            .. typeof(AnalyzerTelemetryInfo).GetProperties()
                .Where(property => property.Name.EndsWith(suffix, StringComparison.Ordinal) && (int)property.GetValue(telemetry)! > 0)
                .Select(property => property.Name[..^suffix.Length]),
        ];
    }
}
