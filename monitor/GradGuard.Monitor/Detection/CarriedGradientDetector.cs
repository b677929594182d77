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

    private readonly BiasPlaces _biases = new();
    private readonly NamedStates<string, double?> _sums = new();
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
        _accumulates |= record.Updates is [{ Norm: 0 }, ..] && record.Updates.All(static update => update.Norm == 0);
        if (!record.HasEverything || !record.IsFinite || _zeroed || _isOtherwise)
            yield break;
        var isNext = record.Step == _lastStep + 1 && record.Clipping is not { IsClipped: true };
        string? carrier = null;
        var longest = default(Bias);
        foreach (var (layer, parameter) in _biases.In(record))
        {
            if (BiasOf(record.Layers[layer], record.Parameters[parameter]) is not { } bias)
                continue;
            longest = bias.Length > longest.Length ? bias : longest;
            ref var sum = ref _sums.At(parameter, bias.Name);
            var sumBefore = sum;
            sum = bias.Sum;
            if (!isNext || sumBefore is not { } before)
                continue;
            var rounding = (Rounding * (Math.Abs(bias.Sum) + Math.Abs(before) + Math.Abs(bias.Fresh))) + bias.Noise;
            if (Math.Abs(before) <= Visible * rounding || Math.Abs(bias.Fresh) <= Visible * rounding || !IsUpdated(bias.Name, record.Updates))
                continue;
            _zeroed |= Math.Abs(bias.Sum - bias.Fresh) <= rounding;
            if (Math.Abs(bias.Sum - bias.Fresh - before) <= rounding)
                carrier = bias.Name;
            else
                _isOtherwise = true;
        }

        _carried += carrier is null ? 0 : 1;
        _excesses += longest.Length > Excess ? 1 : 0;
        _lastStep = record.Step;
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
        _sums.Persist(archive, archive.Value, sum => archive.Value(sum ?? 0));
        _lastStep = archive.Value(_lastStep);
        _carried = archive.Value(_carried);
        _excesses = archive.Value(_excesses);
        _zeroed = archive.Value(_zeroed);
        _accumulates = archive.Value(_accumulates);
        _isOtherwise = archive.Value(_isOtherwise);
    }

    /// <summary>The gradients by a bias and by the output of its layer, where they can be compared: the layer ran once.</summary>
    private static Bias? BiasOf(LayerRecord layer, ParameterRecord parameter)
    {
        if (layer is not { Calls: 1, Layer.Recurrence: RecurrenceKind.None, Gradient: { IsWhole: true, NonFinite: 0, Norm: > 0 } output }
            || parameter is not { Dimensions: 1, RequiresGrad: true, Gradient: { IsWhole: true, NonFinite: 0 } gradient }
            || output.Count % gradient.Count != 0)
        {
            return null;
        }

        var rows = output.Count / gradient.Count;
        return new Bias(
            parameter.Name, gradient.Mean * gradient.Count, output.Mean * output.Count, Noise * output.Norm * Math.Sqrt(output.Count),
            gradient.Norm / (output.Norm * Math.Sqrt(rows)));
    }

    private static bool IsUpdated(string parameter, IReadOnlyList<UpdateRecord> updates)
    {
        for (var place = 0; place < updates.Count; place++)
        {
            if (updates[place].Norm > 0 && updates[place].Name == parameter)
                return true;
        }

        return false;
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
