using System.Runtime.InteropServices;
using GradGuard.Cli.Runs;

namespace GradGuard.Cli.Checking;

/// <summary>What limits are judged by, gathered in one pass over a run's records; its size depends on the model, not on the steps.</summary>
internal sealed class RunFigures
{
    private readonly Dictionary<LayerOutput, RecentValues> _inactive = [];
    private readonly Dictionary<LayerOutput, RecentValues> _saturated = [];
    private readonly Dictionary<string, RecentValues> _updates = [];
    private readonly HashSet<string> _withGradient = [];
    private readonly HashSet<string> _seenLayers = [];

    private RunFigures()
    {
    }

    /// <summary>Share of units that were active for no sample of a batch, by layer.</summary>
    public IReadOnlyDictionary<LayerOutput, RecentValues> InactiveShares => _inactive;

    /// <summary>Share of outputs on the flat ends, by layer.</summary>
    public IReadOnlyDictionary<LayerOutput, RecentValues> SaturatedShares => _saturated;

    /// <summary>Update ratios, by the name of the parameter; those that never had a gradient are frozen, and left out.</summary>
    public IEnumerable<KeyValuePair<string, RecentValues>> UpdateRatios => _updates.Where(update => _withGradient.Contains(update.Key));

    /// <summary>Layers that were seen to run.</summary>
    public IReadOnlySet<string> SeenLayers => _seenLayers;

    /// <summary>The losses of the last steps, as far as they were numbers, NaN and infinity included.</summary>
    public RecentValues Losses { get; } = new();

    /// <summary>Steps with a loss of NaN or infinity.</summary>
    public long NonFiniteLosses { get; private set; }

    /// <summary>The first of those.</summary>
    public long? FirstNonFiniteLoss { get; private set; }

    /// <summary>Steps up to the last one that is recorded, those before a resume included.</summary>
    public long Steps { get; private set; }

    /// <summary>Reads all records of a run.</summary>
    public static RunFigures Of(IEnumerable<RunRecord> records)
    {
        var figures = new RunFigures();
        foreach (var record in records)
            figures.Add(record);
        return figures;
    }

    private void Add(RunRecord record)
    {
        Steps = record.Step + 1;
        foreach (var (step, loss) in record.LossesBySteps())
            AddLoss(step, loss);
        foreach (var layer in record.Layers)
        {
            _seenLayers.Add(layer.Layer);
            var output = new LayerOutput(layer.Layer, layer.Source);
            Add(_inactive, output, record.Step, layer is { Units: > 0 and var units, InactiveUnits: { } inactive } ? (double)inactive / units : null);
            Add(_saturated, output, record.Step, layer.SaturatedShare);
        }

        foreach (var parameter in record.Parameters.Where(parameter => parameter.GradientNorm is not null))
            _withGradient.Add(parameter.Name);
        foreach (var update in record.Updates)
            Add(_updates, update.Name, update.MadeAt(record.Step), update.Ratio);
    }

    private void AddLoss(long step, double? loss)
    {
        if (loss is not { } value)
            return;
        Losses.Add(step, value);
        if (double.IsFinite(value))
            return;
        NonFiniteLosses++;
        FirstNonFiniteLoss ??= step;
    }

    /// <summary>A ratio over a norm of zero is NaN: nothing to judge.</summary>
    private static void Add<T>(Dictionary<T, RecentValues> values, T key, long step, double? value)
        where T : notnull
    {
        if (value is not { } number || double.IsNaN(number))
            return;
        ref var recent = ref CollectionsMarshal.GetValueRefOrAddDefault(values, key, out _);
        (recent ??= new()).Add(step, number);
    }
}

/// <summary>The output of a layer, by where its input comes from.</summary>
/// <param name="Layer">Path.</param>
/// <param name="Source">Path of the layer with weights before it; null where that is not known.</param>
internal readonly record struct LayerOutput(string Layer, string? Source)
{
    /// <summary>The layer nearest the cause.</summary>
    public string Blamed => Source ?? Layer;
}
