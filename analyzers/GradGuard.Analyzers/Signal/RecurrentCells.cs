namespace GradGuard.Analyzers.Signal;

/// <summary>Moments of a recurrent layer's state: hidden values, and the memory of an LSTM.</summary>
internal readonly record struct CellState(Moments Hidden, Moments Memory);

/// <summary>One time step of a recurrent layer.</summary>
/// <param name="State">The state after the step.</param>
/// <param name="Backward">
/// Gradient at the state after the step to (gradient at the state before it, gradient at the step's input); null where not known.
/// </param>
internal sealed record CellStep(CellState State, Func<CellState, (CellState State, Moments Input)?> Backward);

/// <summary>
/// The equations of a cell. Each step is taken to have weights of its own (as mean-field theory does: Chen, Pennington and Schoenholz 2018), the
/// gates are independent given the state before, and the biases of input and state add.
/// </summary>
/// <param name="input">Input-to-hidden weights of one gate, with both biases.</param>
/// <param name="recurrent">Hidden-to-hidden weights of one gate, without a bias.</param>
internal abstract class RecurrentCell(AffineMap input, AffineMap recurrent)
{
    protected static readonly ActivationFunction Sigmoid = ActivationFunction.Of(Torch.ActivationKind.Sigmoid, null)!;
    protected static readonly ActivationFunction Tanh = ActivationFunction.Of(Torch.ActivationKind.Tanh, null)!;

    /// <summary>The state after one more step; null where it is not known or overflows.</summary>
    public abstract CellStep? Step(Moments x, CellState before);

    protected AffineMap Input { get; } = input;

    protected AffineMap Recurrent { get; } = recurrent;

    /// <summary>Pre-activation of one gate.</summary>
    protected Moments? PreActivation(Moments x, Moments hidden) =>
        Input.Forward(x) is { } fromInput && Recurrent.Forward(hidden) is { } fromState && fromInput.Plus(fromState) is { IsFinite: true } sum
            ? sum
            : null;

    /// <summary>Gradients at the pre-activations of the gates, summed at the state before and at the input.</summary>
    protected (Moments State, Moments Input)? ThroughWeights(IEnumerable<Moments> atGates)
    {
        var (state, input) = (default(Moments), default(Moments));
        foreach (var gradient in atGates)
        {
            if (Recurrent.Backward(gradient) is not { } toState || Input.Backward(gradient) is not { } toInput)
                return null;
            state = state.Plus(toState);
            input = input.Plus(toInput);
        }
        return (state, input);
    }

    protected static GaussianTransform Apply(ActivationFunction function, Moments z) =>
        GaussianTransform.Of(PointwiseFunction.Identity.Then(function.Evaluate, function.Breakpoints), z);
}

/// <summary>h = φ(U·x + W·h + b), φ tanh or ReLU (Elman 1990).</summary>
internal sealed class ElmanCell(AffineMap input, AffineMap recurrent, ActivationFunction activation) : RecurrentCell(input, recurrent)
{
    public override CellStep? Step(Moments x, CellState before)
    {
        if (PreActivation(x, before.Hidden) is not { } z)
            return null;
        var hidden = Apply(activation, z);
        return new(new(hidden.Result, default), gradient =>
            ThroughWeights([hidden.Backward(gradient.Hidden)]) is { } back ? (new(back.State, default), back.Input) : null);
    }
}

/// <summary>c = f·c + i·g, h = o·tanh(c), sigmoid gates (Hochreiter and Schmidhuber 1997).</summary>
internal sealed class LstmCell(AffineMap input, AffineMap recurrent) : RecurrentCell(input, recurrent)
{
    public override CellStep? Step(Moments x, CellState before)
    {
        if (PreActivation(x, before.Hidden) is not { } z)
            return null;
        var (gate, candidate) = (Apply(Sigmoid, z), Apply(Tanh, z));
        var memory = gate.Result.Times(before.Memory).Plus(gate.Result.Times(candidate.Result));
        var squashed = Apply(Tanh, memory);
        return new(new(gate.Result.Times(squashed.Result), memory), Backward);

        (CellState, Moments)? Backward(CellState gradient)
        {
            var output = gate.Backward(gradient.Hidden.Times(squashed.Result));
            var atMemory = gradient.Memory.Plus(squashed.Backward(gradient.Hidden.Times(gate.Result)));
            var forget = gate.Backward(atMemory.Times(before.Memory));
            var write = gate.Backward(atMemory.Times(candidate.Result));
            var content = candidate.Backward(atMemory.Times(gate.Result));
            return ThroughWeights([output, forget, write, content]) is { } back
                ? (new(back.State, atMemory.Times(gate.Result)), back.Input)
                : null;
        }
    }
}

/// <summary>h = (1 − z)·n + z·h, n = tanh(U·x + r·(W·h)), sigmoid gates r and z (Cho et al. 2014).</summary>
internal sealed class GruCell(AffineMap input, AffineMap recurrent) : RecurrentCell(input, recurrent)
{
    public override CellStep? Step(Moments x, CellState before)
    {
        if (PreActivation(x, before.Hidden) is not { } z || Input.Forward(x) is not { } fromInput || Recurrent.Forward(before.Hidden) is not { } fromState)
            return null;
        var gate = Apply(Sigmoid, z);
        var (keep, renew) = (gate.Result, gate.Result.Affine(-1, 1));
        var candidate = Apply(Tanh, fromInput.Plus(keep.Times(fromState)));
        var hidden = renew.Times(candidate.Result).Plus(keep.Times(before.Hidden));
        var change = before.Hidden.Plus(candidate.Result.Affine(-1, 0));
        return new(new(hidden, default), Backward);

        (CellState, Moments)? Backward(CellState gradient)
        {
            var content = candidate.Backward(gradient.Hidden.Times(renew));
            var update = gate.Backward(gradient.Hidden.Times(change));
            var reset = gate.Backward(content.Times(fromState));
            if (ThroughWeights([update, reset]) is not { } gates || Input.Backward(content) is not { } toInput
                || Recurrent.Backward(content.Times(keep)) is not { } toState)
                return null;
            return (new(gates.State.Plus(toState).Plus(gradient.Hidden.Times(keep)), default), gates.Input.Plus(toInput));
        }
    }
}
