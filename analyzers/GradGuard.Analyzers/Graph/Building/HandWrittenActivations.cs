using GradGuard.Analyzers.Torch;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>
/// Activations spelled out in arithmetic. Asked about each node as it completes, it answers with the activation that replaces it, or null.
/// Every rewriting is an identity over the reals, so nothing is guessed.
/// </summary>
internal static class HandWrittenActivations
{
    public static GraphNode? Of(NodeEmitter emitter, GraphNode node) => node switch
    {
        ElementwiseNode { Kind: ElementwiseKind.Reciprocal } => Logistic(emitter, node, node.Input),
        ElementwiseNode { Kind: ElementwiseKind.Power, Low: -1 } => Logistic(emitter, node, node.Input),
        ElementwiseNode { Kind: ElementwiseKind.Clamp } clamp => Clamp(emitter, clamp),
        ElementwiseNode { Kind: ElementwiseKind.Log } => Softplus(emitter, node),
        ScaleNode scale => OfScale(emitter, scale),
        DivideNode => Softmax(emitter, node) ?? LogisticQuotient(emitter, node) ?? HyperbolicTangent(emitter, node),
        MultiplyNode => MaskedByItself(emitter, node) ?? MaskedByItself(emitter, node, swapped: true)
            ?? Silu(emitter, node, node.Inputs[0], node.Inputs[1]) ?? Silu(emitter, node, node.Inputs[1], node.Inputs[0]),
        _ => null,
    };

    /// <summary><c>maximum(a, b)</c>: ReLU against zero, LeakyReLU against a·slope with a slope between 0 and 1.</summary>
    public static GraphNode? Maximum(NodeEmitter emitter, GraphNode left, GraphNode right, Microsoft.CodeAnalysis.Location location)
    {
        foreach (var (a, b) in new[] { (left, right), (right, left) })
        {
            if (b is ScaleNode { Factor: > 0 and < 1, Offset: 0 } scaled && SameExpression.Is(scaled.Input, a))
            {
                emitter.Absorb(scaled);
                return emitter.HandWritten(ActivationKind.LeakyRelu, a, location, scaled.Factor);
            }
        }

        return null;
    }

    /// <summary><c>where(a &gt; 0, a, other)</c>: ReLU for zero, LeakyReLU for a·slope.</summary>
    public static GraphNode? Where(NodeEmitter emitter, GraphNode condition, GraphNode chosen, GraphNode? other, double? number, Microsoft.CodeAnalysis.Location location)
    {
        if (condition is not ElementwiseNode { Kind: ElementwiseKind.Compare, Low: 0 } comparison || !SameExpression.Is(comparison.Input, chosen))
            return null;
        if (number == 0)
        {
            emitter.Absorb(comparison);
            return emitter.HandWritten(ActivationKind.Relu, chosen, location);
        }

        if (other is ScaleNode { Offset: 0 } scaled && SameExpression.Is(scaled.Input, chosen))
        {
            emitter.Absorb(comparison, scaled);
            return emitter.HandWritten(ActivationKind.LeakyRelu, chosen, location, scaled.Factor);
        }

        return null;
    }

    /// <summary>1/(1 + e^u) = σ(−u).</summary>
    private static GraphNode? Logistic(NodeEmitter emitter, GraphNode node, GraphNode denominator)
    {
        if (LinearForm.Of(denominator) is not { Root: ElementwiseNode { Kind: ElementwiseKind.Exp } exponential, Factor: 1, Offset: 1 })
            return null;
        emitter.Absorb(denominator, exponential);
        return emitter.HandWritten(ActivationKind.Sigmoid, Negated(emitter, exponential.Input, node), node.Location, mayOverflow: true);
    }

    /// <summary>e^u/(1 + e^u) = σ(u).</summary>
    private static GraphNode? LogisticQuotient(NodeEmitter emitter, GraphNode node)
    {
        if (node.Inputs[0] is not ElementwiseNode { Kind: ElementwiseKind.Exp } numerator
            || LinearForm.Of(node.Inputs[1]) is not { Factor: 1, Offset: 1 } denominator
            || !SameExpression.Is(denominator.Root, numerator))
            return null;
        emitter.Absorb(node.Inputs[1], denominator.Root, numerator);
        return emitter.HandWritten(ActivationKind.Sigmoid, numerator.Input, node.Location, mayOverflow: true);
    }

    /// <summary>(e^u − e^−u)/(e^u + e^−u) = tanh u.</summary>
    private static GraphNode? HyperbolicTangent(NodeEmitter emitter, GraphNode node)
    {
        if (node.Inputs[0] is not AddNode { IsDifference: true } difference || node.Inputs[1] is not AddNode { IsDifference: false } sum)
            return null;
        var (rising, falling) = (difference.Inputs[0], difference.Inputs[1]);
        var matches = (SameExpression.Is(rising, sum.Inputs[0]) && SameExpression.Is(falling, sum.Inputs[1]))
            || (SameExpression.Is(rising, sum.Inputs[1]) && SameExpression.Is(falling, sum.Inputs[0]));
        if (!matches
            || rising is not ElementwiseNode { Kind: ElementwiseKind.Exp }
            || falling is not ElementwiseNode { Kind: ElementwiseKind.Exp }
            || !LinearForm.AreOpposite(rising.Input, falling.Input))
            return null;
        emitter.Absorb(difference, sum, rising, falling, falling.Input, sum.Inputs[0], sum.Inputs[1], sum.Inputs[0].Input, sum.Inputs[1].Input);
        return emitter.HandWritten(ActivationKind.Tanh, rising.Input, node.Location);
    }

    /// <summary>e^u/Σe^u, also where u was shifted by its maximum.</summary>
    private static GraphNode? Softmax(NodeEmitter emitter, GraphNode node)
    {
        if (node.Inputs[0] is not ElementwiseNode { Kind: ElementwiseKind.Exp } numerator
            || Unreshaped(node.Inputs[1]) is not ReductionNode { Kind: ReductionKind.Sum } sum
            || !SameExpression.Is(sum.Input, numerator))
            return null;
        emitter.Absorb(numerator, sum, node.Inputs[1], sum.Input);
        return emitter.HandWritten(ActivationKind.Softmax, numerator.Input, node.Location, dimension: sum.Dimension, mayOverflow: true);
    }

    /// <summary>a·(a &gt; 0).</summary>
    private static GraphNode? MaskedByItself(NodeEmitter emitter, GraphNode node, bool swapped = false)
    {
        var (a, mask) = swapped ? (node.Inputs[1], node.Inputs[0]) : (node.Inputs[0], node.Inputs[1]);
        if (mask is not ElementwiseNode { Kind: ElementwiseKind.Compare, Low: 0 } || !SameExpression.Is(mask.Input, a))
            return null;
        emitter.Absorb(mask);
        return emitter.HandWritten(ActivationKind.Relu, a, node.Location);
    }

    /// <summary>a·σ(a).</summary>
    private static GraphNode? Silu(NodeEmitter emitter, GraphNode node, GraphNode a, GraphNode gate)
    {
        if (gate is not ActivationNode { Kind: ActivationKind.Sigmoid } || !SameExpression.Is(gate.Input, a))
            return null;
        emitter.Absorb(gate);
        return emitter.HandWritten(ActivationKind.Silu, a, node.Location);
    }

    private static GraphNode? Clamp(NodeEmitter emitter, ElementwiseNode clamp) => (clamp.Low, clamp.High) switch
    {
        (0, double.PositiveInfinity) => emitter.HandWritten(ActivationKind.Relu, clamp.Input, clamp.Location),
        (0, 6) => emitter.HandWritten(ActivationKind.Relu6, clamp.Input, clamp.Location),
        _ => null,
    };

    /// <summary>ln(1 + e^u).</summary>
    private static GraphNode? Softplus(NodeEmitter emitter, GraphNode node)
    {
        if (LinearForm.Of(node.Input) is not { Root: ElementwiseNode { Kind: ElementwiseKind.Exp } exponential, Factor: 1, Offset: 1 })
            return null;
        emitter.Absorb(node.Input, exponential);
        return emitter.HandWritten(ActivationKind.Softplus, exponential.Input, node.Location, parameter: 1);
    }

    /// <summary>½ + ½·tanh(u/2) = σ(u); 2σ(2u) − 1 = tanh u; 1 − σ(u) = σ(−u); ½·(a + |a|) = max(0, a).</summary>
    private static GraphNode? OfScale(NodeEmitter emitter, ScaleNode scale)
    {
        var form = LinearForm.Of(scale);
        switch (form)
        {
            case { Root: ActivationNode { Kind: ActivationKind.Tanh } tanh, Factor: 0.5, Offset: 0.5 }
                when LinearForm.Of(tanh.Input) is { Factor: 0.5, Offset: 0 } half:
                emitter.Absorb(scale.Input, tanh, tanh.Input);
                return emitter.HandWritten(ActivationKind.Sigmoid, half.Root, scale.Location);
            case { Root: ActivationNode { Kind: ActivationKind.Sigmoid } sigmoid, Factor: 2, Offset: -1 }
                when LinearForm.Of(sigmoid.Input) is { Factor: 2, Offset: 0 } twice:
                emitter.Absorb(scale.Input, sigmoid, sigmoid.Input);
                return emitter.HandWritten(ActivationKind.Tanh, twice.Root, scale.Location);
            case { Root: ActivationNode { Kind: ActivationKind.Sigmoid, IsHandWritten: true } sigmoid, Factor: -1, Offset: 1 }:
                emitter.Absorb(scale.Input, sigmoid);
                return emitter.HandWritten(ActivationKind.Sigmoid, Negated(emitter, sigmoid.Input, scale), scale.Location, mayOverflow: sigmoid.MayOverflow);
            case { Root: AddNode { IsDifference: false } sum, Factor: 0.5, Offset: 0 }
                when sum.Inputs[1] is ElementwiseNode { Kind: ElementwiseKind.Abs } absolute && SameExpression.Is(absolute.Input, sum.Inputs[0]):
                emitter.Absorb(scale.Input, sum, absolute);
                return emitter.HandWritten(ActivationKind.Relu, sum.Inputs[0], scale.Location);
            default:
                return null;
        }
    }

    private static GraphNode Negated(NodeEmitter emitter, GraphNode input, GraphNode at)
    {
        if (LinearForm.Of(input) is { Offset: 0, Factor: -1 } form)
        {
            emitter.Absorb(input);
            return form.Root;
        }

        return emitter.Add(new ScaleNode(input, -1, 0, at.Location) { Shape = input.Shape });
    }

    private static GraphNode Unreshaped(GraphNode node) => node is ReshapeNode { IsSlice: false } ? Unreshaped(node.Input) : node;
}
