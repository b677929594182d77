using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>A parameter as the model lists it, and what is kept of its values over the optimizer's step to tell the true update.</summary>
/// <param name="name">Name as in <c>named_parameters()</c>.</param>
/// <param name="parameter">The parameter, the program's own.</param>
internal sealed class WatchedParameter(string name, Parameter parameter)
{
    private WeightSample? _sample;
    private bool _isRenewed;
    private Tensor? _copy;
    private int _stride;

    /// <summary>Name as in <c>named_parameters()</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Path of the module that owns it.</summary>
    public string Layer { get; } = LayerOf(name);

    /// <summary>Number of dimensions.</summary>
    public int Dimensions { get; } = (int)parameter.dim();

    /// <summary>The parameter itself.</summary>
    public Parameter Parameter { get; } = parameter;

    /// <summary>Whether it required a gradient when it was last read; null before that.</summary>
    public bool? Trains { get; set; }

    /// <summary>True when its values of the step before wait to be compared.</summary>
    public bool IsKept { get; private set; }

    /// <summary>Path of the module that owns a parameter.</summary>
    public static string LayerOf(string parameter)
    {
        var dot = parameter.LastIndexOf('.');
        return dot < 0 ? "" : parameter[..dot];
    }

    /// <summary>Keeps blocks from all over it, where it lies in host memory in one piece.</summary>
    /// <returns>Their statistics, which stand for its own; null where it is to be kept by <see cref="Copy"/>.</returns>
    public TensorStatistics? Sample()
    {
        if (!_isRenewed)
            _sample = WeightSample.Take(Parameter, _sample);
        _isRenewed = false;
        IsKept = _sample is not null;
        return _sample?.Statistics();
    }

    /// <summary>Keeps rows of it where it lies on a device or in half precision, all of one that learns in few of them.</summary>
    /// <param name="isDense">False when few rows learn.</param>
    public void Copy(bool isDense)
    {
        _stride = RowSample.StrideOf(Parameter, isDense);
        _copy = RowSample.Copy(Parameter, _stride).DetachFromDisposeScope();
        IsKept = true;
    }

    /// <summary>What happened to it since its values were kept, which are let go of; null where it was replaced or converted.</summary>
    /// <param name="renew">True where <see cref="Sample"/> comes next: blocks are fetched from memory once for both.</param>
    public UpdateRecord? TakeUpdate(bool renew)
    {
        _isRenewed = false;
        try
        {
            if (!IsKept || Parameter.IsInvalid || Update(renew) is not { } update)
                return null;
            _isRenewed = renew && _copy is null;
            var count = Parameter.NumberOfElements;
            var scale = (double)count / (_copy?.NumberOfElements ?? _sample!.Sampled);
            return new UpdateRecord(
                Name, Layer, Dimensions, count, Math.Sqrt(scale * update.SquaredDistance), Math.Sqrt(scale * update.SquaredNorm));
        }
        finally
        {
            Drop();
        }
    }

    /// <summary>Lets go of what was kept; the memory of a sample stays for the next.</summary>
    public void Drop()
    {
        IsKept = false;
        _copy?.Dispose();
        _copy = null;
    }

    private UpdateNorm? Update(bool renew)
    {
        if (_copy is null)
            return _sample!.UpdateOf(Parameter, renew);
        using var rows = _stride > 1 && Parameter.Dimensions == _copy.Dimensions ? RowSample.View(Parameter, _stride) : null;
        return UpdateNorm.Between(_copy, rows ?? Parameter);
    }
}

/// <summary>Where the statistics of a parameter and of its gradient will be found.</summary>
/// <param name="Of">The parameter.</param>
/// <param name="RequiresGrad">False when it is frozen.</param>
/// <param name="Weight">Index of its values' statistics.</param>
/// <param name="Gradient">Index of its gradient's; -1 when it has none.</param>
internal readonly record struct ReadParameter(WatchedParameter Of, bool RequiresGrad, int Weight, int Gradient);
