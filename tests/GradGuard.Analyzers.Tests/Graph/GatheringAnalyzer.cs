using System.Collections.Immutable;
using GradGuard.Analyzers.Source;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradGuard.Analyzers.Tests.Graph;

#pragma warning disable RS1036, RS1038, RS1041, RS2008 // the rules for analyzers that ship; this one runs in a test only

/// <summary>Gathers the operations of every member as the host is shown them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class GatheringAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor Descriptor = new("TEST", "Gathered", "Gathered", "Test", DiagnosticSeverity.Hidden, isEnabledByDefault: true);

    private readonly MemberOperations _operations = new();

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

    /// <summary>The compilation that the symbols gathered belong to, and a resolver over all of them.</summary>
    public static (Compilation Compilation, OperationResolver Resolver) Gather(Compilation compilation)
    {
        var analyzer = new GatheringAnalyzer();
        var driver = compilation.WithAnalyzers([analyzer]);
        Assert.Empty(driver.GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult());
        var gathered = analyzer._operations.Members.SelectMany(member => analyzer._operations.Of(member)).FirstOrDefault()?.SemanticModel?.Compilation;
        return (gathered ?? compilation, new OperationResolver(analyzer._operations));
    }

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
        context.RegisterOperationBlockAction(block => _operations.Add(block.OwningSymbol, block.OperationBlocks));
    }
}
