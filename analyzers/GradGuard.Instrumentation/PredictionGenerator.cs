using GradGuard.Instrumentation.Prediction;
using Microsoft.CodeAnalysis;

namespace GradGuard.Instrumentation;

/// <summary>
/// Leaves a table in the assembly of how each layer of its models should start, for the monitor to hold the measured start against. It follows
/// whole models, which takes time, so it runs in builds alone and never while somebody types.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class PredictionGenerator : IIncrementalGenerator
{
    /// <summary>
    /// The compiler feature by which a build asks for the table. A feature, because an editor takes its own from a design-time build: one that
    /// the targets leave out there is nothing that an editor knows of.
    /// </summary>
    public const string Feature = "GradGuardPrediction";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterImplementationSourceOutput(
        context.CompilationProvider,
        static (output, compilation) =>
        {
            if (IsEnabled(compilation))
                PredictionWriter.Write(output, [.. ModelPredictor.Predict(compilation, output.CancellationToken)]);
        });

    private static bool IsEnabled(Compilation compilation)
        => compilation.SyntaxTrees.FirstOrDefault()?.Options.Features.ContainsKey(Feature) == true
            && compilation.GetTypeByMetadataName(PredictionWriter.RowType) is not null;
}
