using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Analyzers.Composition;

/// <summary>
/// Whether a program registers hooks of modules anywhere. Looked up by the words of its files: a semantic model of each would double the compiler's
/// work, and an answer per file serves until that file is edited.
/// </summary>
internal static class HookRegistrations
{
    private static readonly ConditionalWeakTable<SyntaxTree, object> Known = new();

    /// <summary>
    /// True where some file of <paramref name="compilation"/> registers a hook on a module that the rest of the program may run. A hook on a local
    /// variable that holds a fresh module and is handed to nobody, as in a test of hooks, is the business of its method alone.
    /// </summary>
    public static bool AreIn(Compilation compilation, CancellationToken cancellation = default) =>
        compilation.SyntaxTrees.Any(tree => (bool)Known.GetValue(tree, key => Mentions(key, cancellation)));

    private static bool Mentions(SyntaxTree tree, CancellationToken cancellation) =>
        tree.GetText(cancellation).ToString().Contains("register_forward_")
        && tree.GetRoot(cancellation).DescendantTokens().Any(token =>
            token.IsKind(SyntaxKind.IdentifierToken)
            && token.ValueText is "register_forward_hook" or "register_forward_pre_hook"
            && !IsOnModuleOfItsMethodAlone(token));

    private static bool IsOnModuleOfItsMethodAlone(SyntaxToken registration)
    {
        if (registration.Parent?.Parent is not MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var name } }
            || registration.Parent.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member)
            return false;
        var isMadeHere = member.DescendantNodes().OfType<VariableDeclaratorSyntax>().Any(variable =>
            variable.Identifier.ValueText == name && variable.Initializer?.Value is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax);
        return isMadeHere && member.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == name).All(StaysHere);
    }

    /// <summary>A member of it is used, or it is assigned anew.</summary>
    private static bool StaysHere(IdentifierNameSyntax use) => use.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == use || access.Name == use,
        AssignmentExpressionSyntax assignment => assignment.Left == use,
        _ => false,
    };
}
