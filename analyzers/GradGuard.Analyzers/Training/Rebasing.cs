using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Training;

/// <summary>Rewrites a piece of a method so that its places are those of the code around it.</summary>
internal sealed class Rebasing(Place? receiver, IReadOnlyDictionary<ISymbol, Place?> arguments)
{
    public TrainingNode Apply(TrainingNode node) => node switch
    {
        TrainingEvent happening => happening.Rebase(receiver, arguments),
        SequenceNode sequence => new SequenceNode(Apply(sequence.Children), sequence.Location),
        BranchNode branch => new BranchNode(Apply(branch.Alternatives), branch.Location),
        LoopNode loop => loop.With(Apply(loop.Body)),
        ScopeNode scope => new ScopeNode(scope.Kind, Apply(scope.Body), scope.Location),
        MethodBodyNode method => new MethodBodyNode(Apply(method.Body), method.Location),
        CallNode call => call.Rebase(receiver, arguments),
        _ => node,
    };

    private ImmutableArray<TrainingNode> Apply(ImmutableArray<TrainingNode> nodes) => nodes.Select(Apply).ToImmutableArray();
}
