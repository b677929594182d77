using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>Reads parameters and gradients, and keeps copies of the weights over a step to tell the true update.</summary>
internal sealed class ParameterReader(nn.Module model, StatisticsBatch batch) : IDisposable
{
    /// <summary>Elements of a weight whose norm stands for all of them: of those that vary by their own size, within 0.5%.</summary>
    private const int EnoughOfWeight = 16 * 1024;

    /// <summary>
    /// Share of zeros in a gradient from which few rows learn, as those of an embedding that a batch asked for: then all of it is compared. What gets no
    /// gradient at all is moved evenly, by momentum and decay.
    /// </summary>
    private const double SparseShare = 0.9;

    private readonly List<Snapshot> _snapshots = [];
    private readonly Dictionary<string, WeightSample> _samples = [];
    private (string Name, Parameter Parameter)[]? _listed;
    private Parameter? _sentinel;

    /// <summary>True when weights of the step before wait to be compared.</summary>
    public bool HoldsSnapshots => _snapshots.Count > 0;

    /// <summary>The model's parameters as they are now; a shared one is listed once, under its first name.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters()
        => model.named_parameters().Where(static named => !named.parameter.IsInvalid);

    /// <summary>
    /// The cheap look of every step: whether the smallest gradient of the first layer is finite. What is born not finite in backward
    /// travels on towards the input, so the first layer tells of all others; what does not get there shows in the next loss.
    /// </summary>
    public bool HasNonFiniteGradient()
    {
        _sentinel ??= Parameters().Where(static named => named.Parameter.requires_grad)
            .GroupBy(static named => LayerOf(named.Name)).FirstOrDefault()
            ?.MinBy(static named => named.Parameter.NumberOfElements).Parameter;
        if (_sentinel is null || _sentinel.IsInvalid)
            return false;
        using var gradient = _sentinel.grad;
        return gradient is not null && NonFiniteCheck.IsIn(gradient);
    }

    /// <summary>Asks for the statistics of every parameter and gradient.</summary>
    /// <returns>Turns the finished statistics into records.</returns>
    public Func<IReadOnlyList<TensorStatistics>, IReadOnlyList<ParameterRecord>> Read()
    {
        _sentinel = null;
        _listed = [.. Parameters()];
        var reads = new List<(string Name, int Dimensions, bool RequiresGrad, int Weight, int Gradient)>();
        foreach (var (name, parameter) in _listed)
        {
            using var gradient = parameter.grad;
            reads.Add((name, (int)parameter.dim(), parameter.requires_grad, batch.Add(parameter, new StatisticsRequest { Enough = EnoughOfWeight }),
                gradient is null ? -1 : batch.Add(gradient, new StatisticsRequest())));
        }

        return statistics => [.. reads.Select(read => new ParameterRecord(
            read.Name, LayerOf(read.Name), read.Dimensions, read.RequiresGrad, TensorFigures.Of([statistics[read.Weight]]),
            read.Gradient < 0 ? null : TensorFigures.Of([statistics[read.Gradient]])))];
    }

    /// <summary>
    /// Copies the weights that train, to be compared after the optimizer's step. Of a large one a part is enough, unless its gradient is
    /// zero but for a few rows.
    /// </summary>
    /// <param name="read">The records of this step, from <see cref="Read"/>.</param>
    public void TakeSnapshots(IReadOnlyList<ParameterRecord> read)
    {
        DropSnapshots();
        var gradients = read.ToDictionary(static record => record.Name, static record => record.Gradient);
        foreach (var (name, parameter) in _listed ?? [])
        {
            if (!parameter.requires_grad)
                continue;
            var isDense = gradients.GetValueOrDefault(name) is { ZeroShare: < SparseShare or 1 };

            // A copy of all of a large weight is let go of once it was compared; samples stay.
            if (isDense && WeightSample.Take(parameter, _samples.GetValueOrDefault(name)) is { } sample)
                _snapshots.Add(new Snapshot(name, parameter, _samples[name] = sample, null, 1));
            else if (RowSample.StrideOf(parameter, isDense) is var stride)
                _snapshots.Add(new Snapshot(name, parameter, null, RowSample.Copy(parameter, stride).DetachFromDisposeScope(), stride));
        }
    }

    /// <summary>What happened to the weights since <see cref="TakeSnapshots"/>; drops the copies. A replaced or converted parameter is left out.</summary>
    public IReadOnlyList<UpdateRecord> ReadUpdates()
    {
        var updates = new List<UpdateRecord>(_snapshots.Count);
        foreach (var snapshot in _snapshots)
        {
            var (name, parameter) = (snapshot.Name, snapshot.Parameter);
            if (parameter.IsInvalid || snapshot.Update() is not { } update)
                continue;
            var count = parameter.NumberOfElements;
            var scale = (double)count / snapshot.Sampled;
            updates.Add(new UpdateRecord(
                name, LayerOf(name), (int)parameter.Dimensions, count, Math.Sqrt(scale * update.SquaredDistance), Math.Sqrt(scale * update.SquaredNorm)));
        }

        DropSnapshots();
        return updates;
    }

    /// <inheritdoc/>
    public void Dispose() => DropSnapshots();

    /// <summary>Path of the module that owns a parameter.</summary>
    public static string LayerOf(string parameter)
    {
        var dot = parameter.LastIndexOf('.');
        return dot < 0 ? "" : parameter[..dot];
    }

    private void DropSnapshots()
    {
        foreach (var snapshot in _snapshots)
            snapshot.Copy?.Dispose();
        _snapshots.Clear();
    }

    /// <summary>A weight before the step's update: blocks of it in host memory, or rows of it where it lies on a device or in half precision.</summary>
    private readonly record struct Snapshot(string Name, Parameter Parameter, WeightSample? Sample, Tensor? Copy, int Stride)
    {
        public long Sampled => Sample?.Sampled ?? Copy!.NumberOfElements;

        public UpdateNorm? Update()
        {
            if (Sample is not null)
                return Sample.UpdateOf(Parameter);
            using var rows = Stride > 1 && Parameter.Dimensions == Copy!.Dimensions ? RowSample.View(Parameter, Stride) : null;
            return UpdateNorm.Between(Copy!, rows ?? Parameter);
        }
    }
}
