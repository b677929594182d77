using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>Reads parameters and gradients, and tells the true update from what is kept of the weights over a step.</summary>
internal sealed class ParameterReader(nn.Module model, StatisticsBatch batch) : IDisposable
{
    /// <summary>Elements of a weight whose norm stands for all of them, where it is read by rows: of those that vary by their own size, within 0.5%.</summary>
    private const int EnoughOfWeight = 16 * 1024;

    private WatchedParameter[] _listed = [];
    private Parameter? _sentinel;

    /// <summary>True when weights of the step before wait to be compared.</summary>
    public bool HoldsSnapshots { get; private set; }

    /// <summary>The model's parameters as they are now; a shared one is listed once, under its first name.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters()
        => model.named_parameters().Where(static named => !named.parameter.IsInvalid);

    /// <summary>
    /// The cheap look of every step: whether the smallest gradient of the first layer is finite. What is born not finite in backward
    /// travels on towards the input, so the first layer tells of all others; what does not get there shows in the next loss.
    /// </summary>
    public bool HasNonFiniteGradient()
    {
        if (_listed.Length == 0)
            Refresh();
        _sentinel ??= SmallestOfFirstLayer();
        if (_sentinel is null || _sentinel.IsInvalid)
            return false;
        using var gradient = _sentinel.grad;
        return gradient is not null && NonFiniteCheck.IsIn(gradient);
    }

    /// <summary>Asks the model anew which parameters it has.</summary>
    public void Refresh()
    {
        _sentinel = null;
        var before = _listed;
        _listed = [.. Parameters().Select(named => Array.Find(before, watched => ReferenceEquals(watched.Parameter, named.Parameter) && watched.Name == named.Name)
            ?? new WatchedParameter(named.Name, named.Parameter))];
        foreach (var left in before.Except(_listed))
            left.Drop();
    }

    /// <summary>
    /// Asks for the statistics of every parameter and gradient, and keeps the weights that train, to be compared after the optimizer's step. Of a large weight
    /// a part is enough, unless its gradient is zero but for a few rows.
    /// </summary>
    /// <param name="ofGradient">How much of each gradient.</param>
    /// <param name="updates">What <see cref="ReadUpdates"/> would tell: a weight is fetched from memory once for both.</param>
    public ReadParameter[] Read(StatisticsRequest ofGradient, out IReadOnlyList<UpdateRecord> updates)
    {
        if (Array.Exists(_listed, static watched => watched.Parameter.IsInvalid))
            Refresh();
        HoldsSnapshots = false;
        var moved = new List<UpdateRecord>(_listed.Length);
        updates = moved;
        return Array.ConvertAll(_listed, watched => Read(watched, ofGradient, moved));
    }

    /// <summary>Keeps the weights that reading could not before the statistics of their gradients had come from their device.</summary>
    /// <param name="read">What was read.</param>
    /// <param name="statistics">All statistics of the step.</param>
    public void KeepOthers(ReadParameter[] read, TensorStatistics[] statistics)
    {
        foreach (var (watched, requiresGrad, _, gradient) in read)
        {
            if (requiresGrad && !watched.IsKept)
                watched.Copy(gradient >= 0 && IsDense(statistics[gradient]));
        }
    }

    /// <summary>What happened to the weights since they were kept; lets go of what was. A replaced or converted parameter is left out.</summary>
    public IReadOnlyList<UpdateRecord> ReadUpdates()
    {
        if (!HoldsSnapshots)
            return [];
        var updates = new List<UpdateRecord>(_listed.Length);
        foreach (var watched in _listed)
        {
            if (watched.TakeUpdate(renew: false) is { } update)
                updates.Add(update);
        }

        HoldsSnapshots = false;
        return updates;
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_listed, static watched => watched.Drop());

    private Parameter? SmallestOfFirstLayer()
    {
        static bool Trains(WatchedParameter watched) => watched.Parameter is { IsInvalid: false, requires_grad: true };
        var first = Array.Find(_listed, Trains);
        return _listed.Where(watched => watched.Layer == first?.Layer && Trains(watched)).MinBy(static watched => watched.Parameter.NumberOfElements)?.Parameter;
    }

    /// <summary>True where a part of a weight tells how it moves: not where few rows learn, or a gradient that could not be read may say so. What gets none at all is moved evenly, by momentum and decay.</summary>
    private static bool IsDense(TensorStatistics gradient) => gradient.IsEvaluated && (!gradient.IsSparse || gradient.ZeroShare == 1);

    private ReadParameter Read(WatchedParameter watched, in StatisticsRequest ofGradient, List<UpdateRecord> updates)
    {
        using var gradient = watched.Parameter.grad;
        var gradientIndex = gradient is null ? -1 : batch.Add(gradient, ofGradient);
        var requiresGrad = watched.Parameter.requires_grad;
        if (watched.Trains != requiresGrad)
            (watched.Trains, _sentinel) = (requiresGrad, null);
        HoldsSnapshots |= requiresGrad;
        var isSampled = requiresGrad && gradientIndex >= 0 && batch.ResultAt(gradientIndex) is { } known && IsDense(known);
        if (watched.TakeUpdate(renew: isSampled) is { } update)
            updates.Add(update);
        var sampled = isSampled ? watched.Sample() : null;
        return new(watched, requiresGrad,
            sampled is not null ? batch.Add(sampled) : batch.Add(watched.Parameter, new StatisticsRequest { Enough = EnoughOfWeight }), gradientIndex);
    }
}
