using System.Collections.Immutable;
using GradGuard.Analyzers.Rules;
using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers;

/// <summary>
/// The one analyzer: it gathers the operations of each type, builds what the rules judge once, and runs every rule of the catalogue over it.
/// In a compilation without TorchSharp it registers nothing, and of code that cannot have to do with it the operations are not asked for.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GradGuardAnalyzer : DiagnosticAnalyzer
{
    private readonly RuleClock? _clock;

    /// <summary>As the compiler runs it.</summary>
    public GradGuardAnalyzer()
        : this(null)
    {
    }

    /// <summary>Also says what each rule costs.</summary>
    internal GradGuardAnalyzer(RuleClock? clock) => _clock = clock;

    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => RuleCatalogue.LiveAndAtTheEnd;

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    private void Start(CompilationStartAnalysisContext compilation)
    {
        if (TorchSymbols.TryCreate(compilation.Compilation) is not { } symbols)
            return;
        var (models, training) = (new ModelAnalysis(symbols, _clock), new TrainingAnalysis(symbols, _clock));
        var composition = new CompositionAnalysis(symbols, compilation.Compilation, compilation.Options, _clock);
        var reach = AssemblyReach.Of(TorchSymbols.AssemblyName, compilation.Compilation, compilation.CancellationToken);
        var ordinary = new OrdinaryCode(compilation.Compilation);
        var everything = new MemberOperations(ordinary);
        compilation.RegisterSymbolStartAction(
            start =>
            {
                var type = (INamedTypeSymbol)start.Symbol;
                if (reach.Contains(type))
                    Gather(start, type, everything, models, training, composition);
                else
                    ordinary.Add(type);
            },
            SymbolKind.NamedType);
        compilation.RegisterCompilationEndAction(end =>
        {
            var report = Reporter(end.Compilation, end.ReportDiagnostic);
            models.CheckCompilation(everything, end.Options, report, end.CancellationToken);
            training.CheckCompilation(everything, end.Options, report);
            composition.CheckCompilation(everything, report);
        });
    }

    /// <summary>Reported at the end of each type, so that findings show up while its file is being edited.</summary>
    private static void Gather(
        SymbolStartAnalysisContext context,
        INamedTypeSymbol type,
        MemberOperations everything,
        ModelAnalysis models,
        TrainingAnalysis training,
        CompositionAnalysis composition)
    {
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
            var report = Reporter(end.Compilation, end.ReportDiagnostic);
            composition.CheckType(type, resolver, report);
            training.CheckType(operations, resolver, end.Options, report);
            models.CheckType(type, resolver, end.Options, report, end.CancellationToken);
        });
    }

    private static Action<Finding> Reporter(Compilation compilation, Action<Diagnostic> report) => finding =>
    {
        if (finding.ToDiagnostic(compilation) is { } diagnostic)
            report(diagnostic);
    };
}
