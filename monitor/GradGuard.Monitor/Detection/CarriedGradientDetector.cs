using GradGuard.Monitor.Recording;
using static GradGuard.Monitor.Detection.Numbers;

namespace GradGuard.Monitor.Detection;

/// <summary>
/// GG9006, its cause known: gradients that the optimizer has already stepped with are still in those of the next step. Nobody zeroes them,
/// and each update repeats all before it.
/// </summary>
/// <remarks>
/// Exact, by the bias of a layer that ran once in the step: its gradient is the sum over the N positions of the gradient by the layer's
/// output. So the elements of both have one sum, and by Cauchy and Schwarz the bias' gradient is no longer than √N times the output's. What
/// holds the sum of the step before as well, or is longer, holds more than this step's backward. Accumulation on purpose does too, but not
/// across an update. Where a sum is neither, something else adds to the gradients, such as a penalty or a call past the hooks, and nothing is said.
/// </remarks>
internal sealed class CarriedGradientDetector : IDetector
{
    /// <summary>Pairs of neighbouring steps, with an update in between, that must show it: nine such are read at a run's start.</summary>
    public const int Repeats = 5;

    /// <summary>Difference of two sums that are equal, over their sizes: float32 adds thousands of elements to 1e-4.</summary>
    public const double Rounding = 1e-3;

    /// <summary>What adding up rounds, over the sum that elements of one sign would have: smaller sums are noise.</summary>
    public const double Noise = 1e-5;

    /// <summary>Times the rounding, from which a part of a sum can be seen in it.</summary>
    public const double Visible = 10;

    /// <summary>Times the longest gradient that this step's backward can make: a penalty on the weights adds a little to it.</summary>
    public const double Excess = 1.5;

    private readonly Dictionary<string, double> _sums = [];
    private long _lastStep = -2;
    private int _carried;
    private int _excesses;
    private bool _zeroed;
    private bool _accumulates;
    private bool _isOtherwise;

    /// <inheritdoc/>
    public bool IsSuspicious => !_zeroed && !_isOtherwise && (_carried is > 0 and < Repeats || _excesses is > 0 and < Repeats);

    /// <inheritdoc/>
    public IEnumerable<Finding> Inspect(StepRecord record)
    {
        _accumulates |= record.Updates.Count > 0 && record.Updates.All(static update => update.Norm == 0);
        if (!record.HasEverything || !record.IsFinite || _zeroed || _isOtherwise)
            yield break;
        var biases = Biases(record).ToList();
        var isNext = record.Step == _lastStep + 1 && record.Clipping is not { IsClipped: true };
        var updated = record.Updates.Where(static update => update.Norm > 0).Select(static update => update.Name).ToHashSet();
        string? carrier = null;
        foreach (var bias in biases.Where(bias => isNext && updated.Contains(bias.Name) && _sums.ContainsKey(bias.Name)))
        {
            var before = _sums[bias.Name];
            var rounding = (Rounding * (Math.Abs(bias.Sum) + Math.Abs(before) + Math.Abs(bias.Fresh))) + bias.Noise;
            if (Math.Abs(before) <= Visible * rounding || Math.Abs(bias.Fresh) <= Visible * rounding)
                continue;
            _zeroed |= Math.Abs(bias.Sum - bias.Fresh) <= rounding;
            if (Math.Abs(bias.Sum - bias.Fresh - before) <= rounding)
                carrier = bias.Name;
            else
                _isOtherwise = true;
        }

        _carried += carrier is null ? 0 : 1;
        var longest = biases.OrderByDescending(static bias => bias.Length).FirstOrDefault();
        _excesses += longest.Length > Excess ? 1 : 0;
        _lastStep = record.Step;
        foreach (var bias in biases)
            _sums[bias.Name] = bias.Sum;
        if (_zeroed || _isOtherwise)
            yield break;
        if (_carried >= Repeats && carrier is not null)
            yield return Report($"the gradient of {carrier} is that of the step before plus this step's, though the optimizer stepped in between", longest.Length);
        else if (_excesses >= Repeats && longest.Length > Excess && !_accumulates)
            yield return Report($"the gradient of {longest.Name} is {Short(longest.Length)} times as long as this step's backward can make it: earlier ones are still in it", longest.Length);
    }

    /// <inheritdoc/>
    public void Persist(StateArchive archive)
    {
        archive.Items(_sums, archive.Value, archive.Value);
        _lastStep = archive.Value(_lastStep);
        _carried = archive.Value(_carried);
        _excesses = archive.Value(_excesses);
        _zeroed = archive.Value(_zeroed);
        _accumulates = archive.Value(_accumulates);
        _isOtherwise = archive.Value(_isOtherwise);
    }

    /// <summary>Biases of layers that ran once, with the gradients by the bias and by the layer's output.</summary>
    private static IEnumerable<Bias> Biases(StepRecord record)
    {
        var parameters = record.Parameters.ToDictionary(static parameter => parameter.Name);
        foreach (var site in record.Layers.GroupBy(static layer => layer.Layer.Path).Where(static sites => sites.Count() == 1))
        {
            if (site.First() is { Calls: 1, Layer.Recurrence: RecurrenceKind.None, Gradient: { IsWhole: true, NonFinite: 0, Norm: > 0 } output }
                && parameters.TryGetValue($"{site.Key}.bias", out var bias)
                && bias is { Dimensions: 1, RequiresGrad: true, Gradient: { NonFinite: 0 } gradient }
                && output.Count % gradient.Count == 0)
            {
                var rows = output.Count / gradient.Count;
                yield return new Bias(
                    bias.Name, gradient.Mean * gradient.Count, output.Mean * output.Count, Noise * output.Norm * Math.Sqrt(output.Count),
                    gradient.Norm / (output.Norm * Math.Sqrt(rows)));
            }
        }
    }

    private static Finding Report(string what, double length)
        => new("GG9006", AlertSeverity.Warning, "",
            $"{what}: gradients are never zeroed, and each update repeats all before it",
            "Call optimizer.zero_grad() once per step, before backward. To accumulate on purpose, step once after the last backward and zero then.",
            new Dictionary<string, double> { ["gradientOverBound"] = length });

    /// <summary>Gradient of a bias beside that by its layer's output.</summary>
    /// <param name="Name">Of the parameter.</param>
    /// <param name="Sum">Of the elements of its gradient.</param>
    /// <param name="Fresh">Of the elements of the gradient by the output: what this step's backward adds.</param>
    /// <param name="Noise">What rounding may make of a sum that is zero.</param>
    /// <param name="Length">Norm of its gradient over the largest that this step's backward can make.</param>
    private readonly record struct Bias(string Name, double Sum, double Fresh, double Noise, double Length);
}
