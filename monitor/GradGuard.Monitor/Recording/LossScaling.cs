namespace GradGuard.Monitor.Recording;

/// <summary>
/// Takes the factor out that a loss was multiplied by before backward, and notices one that nobody declared. Gradients by activations
/// always carry it; those of parameters carry it until the program divides it out.
/// </summary>
/// <remarks>
/// The two are told apart exactly: the bias of a layer that was called once gets the sum of the gradient by the layer's output, so the
/// sums of the two tensors' elements agree, but for the factor that only one of them still carries.
/// </remarks>
internal sealed class LossScaling
{
    /// <summary>The least factor named when nobody declared it: smaller ones are no loss scale.</summary>
    public const double LeastUndeclared = 16;

    /// <summary>Readings in a row that must show the same undeclared factor.</summary>
    public const int Readings = 3;

    /// <summary>Sums under this share of what elements without cancellation give are lost in rounding.</summary>
    private const double LeastSum = 1e-2;

    /// <summary>How far the sums of equal tensors may differ, in float32.</summary>
    private const double Rounding = 0.01;

    private bool _parametersCarryIt;
    private double? _last;
    private int _inARow;

    /// <summary>A factor that nobody declared, once it is sure; null before.</summary>
    public double? Undeclared { get; private set; }

    /// <summary>Takes a record as it was read.</summary>
    /// <returns>The record with the declared factor divided out of every gradient that carries it.</returns>
    public StepRecord Remove(StepRecord record)
    {
        if (!record.Sampled)
            return record;
        var ratios = Ratios(record);
        if (record.LossScale == 1)
        {
            if (record.HasEverything)
                Notice(ratios);
            return record;
        }

        // What cannot be told from this reading, where sums cancel, is as it was.
        if (ratios.Count > 0)
            _parametersCarryIt = Math.Abs(ratios[0] - 1) < Rounding;
        var factor = 1 / record.LossScale;
        return record with
        {
            Layers = [.. record.Layers.Select(layer => layer with
            {
                Gradient = layer.Gradient?.Times(factor),
                TimeGradients = layer.TimeGradients is { } times ? [.. times.Select(norm => norm * factor)] : null,
            })],
            Parameters = !_parametersCarryIt ? record.Parameters
                : [.. record.Parameters.Select(parameter => parameter with { Gradient = parameter.Gradient?.Times(factor) })],
        };
    }

    /// <summary>Saves or restores what is known of the factor.</summary>
    public void Persist(StateArchive archive)
    {
        _parametersCarryIt = archive.Value(_parametersCarryIt);
        _last = archive.Optional(_last, archive.Value);
        _inARow = archive.Value(_inARow);
        Undeclared = archive.Optional(Undeclared, archive.Value);
    }

    /// <summary>A power of two between the two kinds of gradients, in which at least two layers agree.</summary>
    private void Notice(List<double> ratios)
    {
        if (Undeclared is not null)
            return;
        var agree = ratios.Count >= 2 && ratios.TrueForAll(ratio => Math.Abs((ratio / ratios[0]) - 1) < Rounding);
        double? power = agree && ratios[0] > LeastUndeclared * (1 - Rounding) ? Math.Pow(2, Math.Round(Math.Log2(ratios[0]))) : null;
        if (power is { } exact && Math.Abs((ratios[0] / exact) - 1) > Rounding)
            power = null;
        _inARow = power is null ? 0 : power == _last ? _inARow + 1 : 1;
        _last = power;
        Undeclared = _inARow >= Readings ? power : null;
    }

    /// <summary>For each layer that tells: sum of the gradient by its output over that of its bias's gradient.</summary>
    private static List<double> Ratios(StepRecord record)
    {
        var ratios = new List<double>();
        foreach (var layer in record.Layers.Where(static layer => layer is { Calls: 1, Layer.HasWeights: true, Layer.Recurrence: RecurrenceKind.None }))
        {
            var bias = record.Parameters.FirstOrDefault(parameter => parameter.Layer == layer.Layer.Path && parameter.Name.EndsWith(".bias", StringComparison.Ordinal));
            if (Sum(layer.Gradient) is { } output && Sum(bias?.Gradient) is { } gradient)
                ratios.Add(output / gradient);
        }

        return ratios;
    }

    private static double? Sum(TensorFigures? figures)
        => figures is { IsWhole: true, NonFinite: 0, Norm: > 0 } && Math.Abs(figures.Mean) * Math.Sqrt(figures.Count) > LeastSum * figures.Rms
            ? figures.Mean * figures.Count
            : null;
}
