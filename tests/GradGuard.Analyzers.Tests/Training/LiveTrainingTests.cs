using GradGuard.Analyzers.Tests.Verification;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers.Tests.Training;

public class LiveTrainingTests
{
    /// <summary>As an IDE asks: for one open document, without the end of the compilation.</summary>
    [Theory]
    [InlineData("optimizer.zero_grad(); lstm.call(x).Item1.mean().backward(); optimizer.step();", "GG3001")]
    [InlineData("linear.call(x).mean().backward(); sgd.step();", "GG4001")]
    [InlineData("sgd.zero_grad(); torch.nn.utils.clip_grad_norm_(linear.parameters(), 1); linear.call(x).mean().backward(); sgd.step();", "GG4002")]
    [InlineData("linear.call(x).mean().backward(); sgd.zero_grad(); sgd.step();", "GG4003")]
    public async Task OneOpenDocument_ShowsItsFindings(string body, string id)
    {
        var compilation = SourceCompilation.Of(
            Rule.Usings + $$"""
            class Script
            {
                private readonly LSTM lstm = LSTM(2, 2);
                private readonly Linear linear = Linear(2, 2);
                void Run(Tensor[] batches)
                {
                    var optimizer = optim.Adam(lstm.parameters());
                    var sgd = optim.SGD(linear.parameters(), 0.1);
                    foreach (var x in batches)
                    {
                        using var scope = torch.NewDisposeScope();
                        {{body}}
                    }
                }
            }
            """,
            Rule.Usings + "class Elsewhere { }");
        var model = compilation.GetSemanticModel(compilation.SyntaxTrees[0]);

        var findings = await compilation
            .WithAnalyzers([new GradGuardAnalyzer()])
            .GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, TestContext.Current.CancellationToken);

        Assert.Equal([id], findings.Where(finding => finding.Id.StartsWith("GG3", StringComparison.Ordinal) || finding.Id.StartsWith("GG4", StringComparison.Ordinal)).Select(finding => finding.Id));
    }
}
