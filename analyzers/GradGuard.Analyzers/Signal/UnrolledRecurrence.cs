using System.Collections.Immutable;

namespace GradGuard.Analyzers.Signal;

/// <summary>Stacked recurrent cells over a number of steps, from an initial state: moments of every state, and the way back through all of them.</summary>
internal sealed class UnrolledRecurrence
{
    /// <summary>A state that changes less than this from step to step has settled, and its step is used again.</summary>
    private const double Settled = 1e-7;

    /// <summary>Cell, then step.</summary>
    private readonly ImmutableArray<CellStep[]> _levels;

    private UnrolledRecurrence(ImmutableArray<CellStep[]> levels)
    {
        _levels = levels;
        Outputs = Average(Top.Select(step => step.State.Hidden));
        GradientGainPerStep = Gain();
    }

    /// <summary>Moments of the top cell's hidden values over the whole sequence.</summary>
    public Moments Outputs { get; }

    public CellState Last => Top[Top.Length - 1].State;

    /// <summary>Factor on the RMS gradient per step back, for one that arrives at the last hidden state.</summary>
    public double? GradientGainPerStep { get; }

    private CellStep[] Top => _levels[_levels.Length - 1];

    /// <summary>Follows the cells over <paramref name="steps"/> inputs of the same moments; null where a state is not known.</summary>
    public static UnrolledRecurrence? Of(ImmutableArray<RecurrentCell> cells, Moments x, int steps, CellState initial)
    {
        if (steps < 1)
            return null;
        var inputs = Enumerable.Repeat(x, steps).ToArray();
        var levels = ImmutableArray.CreateBuilder<CellStep[]>();
        foreach (var cell in cells)
        {
            if (Follow(cell, inputs, initial) is not { } level)
                return null;
            levels.Add(level);
            inputs = [.. level.Select(step => step.State.Hidden)];
        }
        return new(levels.ToImmutable());
    }

    /// <summary>
    /// The gradient at the input, averaged over the steps, for one at the top cell's outputs of every step, or at its last state only.
    /// </summary>
    public Moments? ToInput(Moments gradient, RecurrentOutput output) => Backward(gradient, output) is { } back ? Average(back.Inputs) : null;

    /// <summary>The gradient at the state that the bottom cell starts from; null where it is not known.</summary>
    public CellState? ToInitialState(Moments gradient, RecurrentOutput output) => Backward(gradient, output)?.Initial;

    private (Moments[] Inputs, CellState Initial)? Backward(Moments gradient, RecurrentOutput output)
    {
        var steps = Top.Length;
        var arriving = new Moments[steps];
        if (output is RecurrentOutput.Sequence)
            arriving = [.. Enumerable.Repeat(gradient, steps)];
        else if (output is RecurrentOutput.LastHidden)
            arriving[steps - 1] = gradient;
        var memory = output is RecurrentOutput.LastMemory ? gradient : default;

        var state = default(CellState);
        for (var level = _levels.Length - 1; level >= 0; level--)
        {
            state = new CellState(default, level == _levels.Length - 1 ? memory : default);
            for (var t = steps - 1; t >= 0; t--)
            {
                if (_levels[level][t].Backward(state with { Hidden = state.Hidden.Plus(arriving[t]) }) is not { } back)
                    return null;
                (state, arriving[t]) = back;
            }
        }
        return (arriving, state);
    }

    private static CellStep[]? Follow(RecurrentCell cell, Moments[] inputs, CellState initial)
    {
        var level = new CellStep[inputs.Length];
        var (before, previous) = (initial, initial);
        for (var t = 0; t < inputs.Length; t++)
        {
            var isSettled = t > 1 && IsClose(before, previous) && IsClose(inputs[t], inputs[t - 1]);
            if ((isSettled ? level[t - 1] : cell.Step(inputs[t], before)) is not { } step)
                return null;
            level[t] = step;
            (previous, before) = (before, step.State);
        }
        return level;
    }

    /// <summary>From the gradients at the inputs of the first and the last step; null where there is but one step, or no gradient arrives.</summary>
    private double? Gain()
    {
        if (Top.Length < 2 || Backward(Moments.UnitRms, RecurrentOutput.LastHidden) is not ({ } inputs, _))
            return null;
        var factor = inputs[0].Square / inputs[inputs.Length - 1].Square;
        return double.IsNaN(factor) || double.IsInfinity(factor) ? null : Math.Pow(factor, 0.5 / (Top.Length - 1));
    }

    private static bool IsClose(CellState a, CellState b) => IsClose(a.Hidden, b.Hidden) && IsClose(a.Memory, b.Memory);

    private static bool IsClose(Moments a, Moments b) =>
        Math.Abs(a.Square - b.Square) <= Settled * b.Square && Math.Abs(a.AcrossSamples - b.AcrossSamples) <= Settled * b.Square;

    private static Moments Average(IEnumerable<Moments> moments)
    {
        var all = moments.ToArray();
        return new(
            all.Average(m => m.Mean),
            all.Average(m => m.Square),
            all.Average(m => m.AcrossSamples),
            all.Average(m => m.AcrossUnits),
            all.Average(m => m.AcrossBoth));
    }
}
