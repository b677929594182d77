using System.Composition;
using GradGuard.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradGuard.CodeFixes.Recurrence;

/// <summary>GG3001: clips the gradients' norm just before the step.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GG3001UnclippedRecurrenceFix))]
[Shared]
public sealed class GG3001UnclippedRecurrenceFix : RuleCodeFix
{
    /// <summary>Creates the fix.</summary>
    public GG3001UnclippedRecurrenceFix()
        : base("GG3001")
    {
    }

    /// <inheritdoc />
    protected override string Title(Diagnostic diagnostic) => "Clip the gradient norm to 1.0 before the step (changes the updates)";

    /// <summary>Not where the model has no name here, nor where the step runs a closure: its backward comes after the step begins.</summary>
    protected override bool CanFix(Diagnostic diagnostic, SyntaxNode node) =>
        diagnostic.Properties.ContainsKey(FixProperties.Parameters)
        && node is InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0 }
        && LoopStatements.StatementOf(node) is not null;

    /// <inheritdoc />
    protected override void Fix(DocumentEditor editor, Diagnostic diagnostic, SyntaxNode node)
    {
        if (LoopStatements.StatementOf(node) is not { } step)
            return;
        var clip = $"torch.nn.utils.clip_grad_norm_({diagnostic.Properties[FixProperties.Parameters]}, 1.0);";
        LoopStatements.InsertBefore(editor, step, LoopStatements.Statement(clip, step));
        Imports.AddTorchSharp(editor, node.SpanStart);
    }
}
