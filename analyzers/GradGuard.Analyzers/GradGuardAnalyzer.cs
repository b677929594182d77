using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers;

/// <summary>
/// The one analyzer: it gathers the operations of each type, builds what the rules judge once, and runs every rule of the catalogue over it.
/// In a compilation without TorchSharp it registers nothing.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GradGuardAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => RuleCatalogue.Descriptors;

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext compilation)
    {
        if (TorchSymbols.TryCreate(compilation.Compilation) is not { } symbols)
            return;
<<<<<<< HEAD
        var training = new TrainingAnalysis(symbols);
        var composition = new CompositionAnalysis(symbols, compilation.Compilation);
        var everything = new MemberOperations();
        compilation.RegisterSymbolStartAction(type => Gather(type, symbols, everything, training, composition), SymbolKind.NamedType);
        compilation.RegisterCompilationEndAction(end =>
        {
            training.CheckCompilation(everything, end.Options, end.ReportDiagnostic);
            composition.CheckCompilation(everything, end.ReportDiagnostic);
=======
        var (models, training) = (new ModelAnalysis(symbols), new TrainingAnalysis(symbols));
        var everything = new MemberOperations();
        compilation.RegisterSymbolStartAction(type => Gather(type, everything, models, training), SymbolKind.NamedType);
        compilation.RegisterCompilationEndAction(end =>
        {
            models.CheckCompilation(everything, end.Options, end.ReportDiagnostic, end.CancellationToken);
            training.CheckCompilation(everything, end.Options, end.ReportDiagnostic);
>>>>>>> d2456be (Rules GG5001 to GG5004 and GG5008: what a loss is fed, from the model to the loss and across files)
        });
    }

    /// <summary>Reported at the end of each type, so that findings show up while its file is being edited.</summary>
<<<<<<< HEAD
    private static void Gather(
        SymbolStartAnalysisContext context, TorchSymbols symbols, MemberOperations everything, TrainingAnalysis training, CompositionAnalysis composition)
=======
    private static void Gather(SymbolStartAnalysisContext context, MemberOperations everything, ModelAnalysis models, TrainingAnalysis training)
>>>>>>> d2456be (Rules GG5001 to GG5004 and GG5008: what a loss is fed, from the model to the loss and across files)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var operations = new MemberOperations();
        context.RegisterOperationBlockAction(block =>
        {
            // The members of nested types come by here too; those types have their own turn.
            if (SymbolEqualityComparer.Default.Equals(block.OwningSymbol.ContainingType, type))
                operations.Add(block.OwningSymbol, block.OperationBlocks);
        });
        context.RegisterSymbolEndAction(end =>
        {
            everything.AddAll(operations);
            var resolver = new OperationResolver(operations);
            training.CheckType(operations, resolver, end.Options, end.ReportDiagnostic);
<<<<<<< HEAD
            composition.CheckType(type, resolver, end.ReportDiagnostic);
            foreach (var graph in GraphBuilder.BuildAll(type, resolver, symbols, end.CancellationToken))
                Check(new ModelContext(graph, end.Options, end.ReportDiagnostic));
=======
            models.CheckType(type, resolver, end.Options, end.ReportDiagnostic, end.CancellationToken);
>>>>>>> d2456be (Rules GG5001 to GG5004 and GG5008: what a loss is fed, from the model to the loss and across files)
        });
    }
}
