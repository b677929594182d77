using System.Runtime.CompilerServices;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradGuard.Analyzers.Composition;

/// <summary>
/// Whether a program fills in weights without naming the layer: by loading a state, or by walking over all parameters or modules. Looked up by the
/// words of its files, as <see cref="HookRegistrations"/> are: an answer per file serves until that file is edited.
/// </summary>
internal static class WeightFilling
{
    private static readonly ConditionalWeakTable<SyntaxTree, object> Known = new();

    private static readonly HashSet<string> Walks =
        ["named_parameters", "modules", "named_modules", "children", "named_children", "apply", "get_parameter", "state_dict", "get_submodule"];

    /// <summary>True where some file of <paramref name="compilation"/> may fill in the weights of a <c>GroupNorm</c> that it does not name.</summary>
    public static bool IsIn(Compilation compilation, CancellationToken cancellation = default) =>
        compilation.SyntaxTrees.Any(tree => (bool)Known.GetValue(tree, key => Mentions(key, cancellation)));

    /// <summary>True where some file reaches into a member of that name: <c>model.norm.weight</c>.</summary>
    public static bool ReachesInto(string member, Compilation compilation, CancellationToken cancellation = default) => compilation.SyntaxTrees.Any(tree =>
        tree.GetText(cancellation).ToString().Contains(member)
        && tree.GetRoot(cancellation).DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(access =>
            access.Name.Identifier.ValueText is "weight" or "bias" && NameOf(access.Expression) == member));

    private static bool Mentions(SyntaxTree tree, CancellationToken cancellation)
    {
        var (walks, writes) = (false, false);
        foreach (var token in tree.GetRoot(cancellation).DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)))
        {
            var word = token.ValueText;
            if (word == "load" || word.StartsWith("load_", StringComparison.Ordinal) || (word == "GroupNorm" && IsTest(token)))
                return true;
            walks |= Walks.Contains(word) || (word == "parameters" && !IsHandedOn(token));
            writes |= InitializerTable.ByName.ContainsKey(word);
        }

        return walks && writes;
    }

    /// <summary>The type of a pattern, a cast or <c>OfType</c>: a module of unknown origin is looked at as a norm.</summary>
    private static bool IsTest(SyntaxToken type)
    {
        SyntaxNode? name = type.Parent;
        while (name is { Parent: QualifiedNameSyntax or MemberAccessExpressionSyntax })
            name = name.Parent;
        return name?.Parent is PatternSyntax or CastExpressionSyntax or BinaryExpressionSyntax or CasePatternSwitchLabelSyntax or TypeArgumentListSyntax { Parent: GenericNameSyntax { Identifier.ValueText: "OfType" or "Cast" } };
    }

    /// <summary>Parameters that a call only takes, as an optimizer does.</summary>
    private static bool IsHandedOn(SyntaxToken parameters) =>
        parameters.Parent?.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { Parent: ArgumentSyntax };

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        PostfixUnaryExpressionSyntax suppressed => NameOf(suppressed.Operand),
        _ => null,
    };
}
