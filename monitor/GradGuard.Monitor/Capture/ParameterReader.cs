using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>Reads parameters and gradients, and keeps copies of the weights over a step to tell the true update.</summary>
internal sealed class ParameterReader(nn.Module model, StatisticsBatch batch) : IDisposable
{
    private readonly List<(string Name, Parameter Parameter, Tensor Copy)> _snapshots = [];
    private Parameter? _sentinel;

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
        return gradient is not null && NonFiniteCheck.FirstIn([gradient]) >= 0;
    }

    /// <summary>Asks for the statistics of every parameter and gradient.</summary>
    /// <returns>Turns the finished statistics into records.</returns>
    public Func<IReadOnlyList<TensorStatistics>, IReadOnlyList<ParameterRecord>> Read()
    {
        _sentinel = null;
        var reads = new List<(string Name, int Dimensions, bool RequiresGrad, int Weight, int Gradient)>();
        foreach (var (name, parameter) in Parameters())
        {
            using var gradient = parameter.grad;
            reads.Add((name, (int)parameter.dim(), parameter.requires_grad, batch.Add(parameter, new StatisticsRequest()),
                gradient is null ? -1 : batch.Add(gradient, new StatisticsRequest())));
        }

        return statistics => [.. reads.Select(read => new ParameterRecord(
            read.Name, LayerOf(read.Name), read.Dimensions, read.RequiresGrad, TensorFigures.Of([statistics[read.Weight]]),
            read.Gradient < 0 ? null : TensorFigures.Of([statistics[read.Gradient]])))];
    }

    /// <summary>Copies the weights that train, to be compared after the optimizer's step.</summary>
    public void TakeSnapshots()
    {
        DropSnapshots();
        foreach (var (name, parameter) in Parameters())
        {
            if (!parameter.requires_grad)
                continue;
            using var values = parameter.detach();
            _snapshots.Add((name, parameter, values.clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>What happened to the weights since <see cref="TakeSnapshots"/>; drops the copies. A replaced, converted or no longer finite parameter is left out.</summary>
    public IReadOnlyList<UpdateRecord> ReadUpdates()
    {
        var updates = new List<UpdateRecord>();
        foreach (var (name, parameter, copy) in _snapshots)
        {
            if (parameter.IsInvalid || UpdateNorm.Between(copy, parameter) is not { NonFinite: 0 } update)
                continue;
            updates.Add(new UpdateRecord(
                name, LayerOf(name), (int)parameter.dim(), parameter.NumberOfElements, Math.Sqrt(update.SquaredDistance),
                Math.Sqrt(update.SquaredNorm)));
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
        foreach (var (_, _, copy) in _snapshots)
            copy.Dispose();
        _snapshots.Clear();
    }
}
