using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Benchmarks.EditLatency;

#pragma warning disable RS1036, RS1038, RS1041, RS2008 // the rules for analyzers that ship; this one runs in a benchmark only

/// <summary>Asks the compiler for all operations and does nothing with them: what any analyzer of operations has to wait for.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class BindingOnly : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor Nothing = new("BENCH", "Nothing", "Nothing", "Benchmark", DiagnosticSeverity.Hidden, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Nothing];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => start.RegisterSymbolStartAction(
            type =>
            {
                type.RegisterOperationBlockAction(_ => { });
                type.RegisterSymbolEndAction(_ => { });
            },
            SymbolKind.NamedType));
    }
}
