using GradGuard.Analyzers.Source;
using GradGuard.Analyzers.Tests.Verification;
using GradGuard.Analyzers.Torch;
using GradGuard.Analyzers.Training;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Analyzers.Tests.Training;

/// <summary>Reads the training order of one method from source.</summary>
internal static class OrderOf
{
    /// <summary>The order of the method called <paramref name="method"/>, every member of the sources being visible.</summary>
    public static TrainingOrder Method(string method, params string[] sources)
    {
        var compilation = SourceCompilation.Of(sources.Select(source => Rule.Usings + "\n" + source).ToArray());
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        var torch = TorchSymbols.TryCreate(compilation)!;
        var members = new MemberOperations();
        foreach (var tree in compilation.SyntaxTrees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var declaration in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<BaseMethodDeclarationSyntax>())
            {
                if (model.GetOperation(declaration, TestContext.Current.CancellationToken) is { } body)
                    members.Add(model.GetDeclaredSymbol(declaration, TestContext.Current.CancellationToken)!, [body]);
            }
        }

        var index = new TraceIndex(members.Members, new OperationResolver(members), isWhole: true, torch, new TraceSource(torch));
        return TrainingOrder.Of(index.Roots.Single(trace => trace.Method?.Name == method), index);
    }

    /// <summary>The kinds of the events that move gradients, in order, as words.</summary>
    public static string Words(this TrainingOrder order) => string.Join(" ", order.Events
        .Select(occurrence => occurrence.Event.Kind)
        .Where(kind => kind is not (TrainingEventKind.AssignTensor or TrainingEventKind.AliasModule or TrainingEventKind.CreateModule)));
}
