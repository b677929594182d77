using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradGuard.Analyzers.Composition;

/// <summary>
/// Whether a program registers hooks of modules anywhere. Looked up by the words of its files: a semantic model of each would double the compiler's
/// work, and an answer per file serves until that file is edited.
/// </summary>
internal static class HookRegistrations
{
    private static readonly ConditionalWeakTable<SyntaxTree, object> Known = new();

    /// <summary>True where some file of <paramref name="compilation"/> names one of the methods that register a hook.</summary>
    public static bool AreIn(Compilation compilation, CancellationToken cancellation = default) =>
        compilation.SyntaxTrees.Any(tree => (bool)Known.GetValue(tree, key => Mentions(key, cancellation)));

    private static bool Mentions(SyntaxTree tree, CancellationToken cancellation) =>
        tree.GetText(cancellation).ToString().Contains("register_forward_")
        && tree.GetRoot(cancellation).DescendantTokens().Any(token =>
            token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText is "register_forward_hook" or "register_forward_pre_hook");
}
