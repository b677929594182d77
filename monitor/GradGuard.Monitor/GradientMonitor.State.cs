using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Sampling;

namespace GradGuard.Monitor;

/// <content>The state that is saved beside a checkpoint, so that windows and medians survive a resume.</content>
public sealed partial class GradientMonitor
{
    /// <summary>Saves what the verdicts to come depend on. Call it between the optimizer's step and the next forward pass.</summary>
    /// <param name="path">File to write; an existing one is replaced, whole or not at all.</param>
    /// <returns>False when it could not be written; the fault is reported as GG9013, and training goes on.</returns>
    public bool SaveState(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Contained("cannot save its state", () =>
        {
            using (var file = new FileStream(path + ".part", FileMode.Create))
                Save(file);
            File.Move(path + ".part", path, overwrite: true);
        });
    }

    /// <inheritdoc cref="SaveState(string)"/>
    /// <param name="stream">Stream to write to; left open.</param>
    public bool SaveState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Contained("cannot save its state", () => Save(stream));
    }

    /// <summary>Goes on from a saved state, at its step. Call it before the first <see cref="Observe"/>, with the options of the run that saved it.</summary>
    /// <param name="path">File that <see cref="SaveState(string)"/> wrote.</param>
    /// <returns>False when it cannot be used: missing, damaged, of another version or another model. That is reported as GG9013, and the monitor begins afresh.</returns>
    /// <exception cref="InvalidOperationException">A step has been observed already.</exception>
    public bool LoadState(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ThrowIfBegun();
        return Contained("cannot go on from its saved state, and begins afresh", () =>
        {
            using var file = File.OpenRead(path);
            Load(file);
        });
    }

    /// <inheritdoc cref="LoadState(string)"/>
    /// <param name="stream">Stream to read from; left open.</param>
    public bool LoadState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ThrowIfBegun();
        return Contained("cannot go on from its saved state, and begins afresh", () => Load(stream));
    }

    private void ThrowIfBegun()
    {
        if (_steps > 0)
            throw new InvalidOperationException($"The monitor has observed {_steps} steps already: load a state before the first.");
    }

    private void Save(Stream stream)
    {
        Settle();
        _reader.SettleUpdates();
        StateArchive.Save(stream, archive => Persist(archive, _detectors, _gate));
    }

    private void Load(Stream stream)
    {
        var (detectors, gate) = (NewDetectors(), NewGate());
        StateArchive.Load(stream, archive => Persist(archive, detectors, gate));
        (_detectors, _gate, _stepsBefore) = (detectors, gate, _steps);
        _wantsWholeGradients = _detectors.WantsWholeGradients;

        // What everything costs, and what the gradients carry, is not known in this process yet.
        _schedule.Plan = _schedule.Plan with { Turn = SamplingSchedule.LastTurn };
        PlanNext();
    }

    private void Persist(StateArchive archive, DetectorSet detectors, Alerting.AlertGate gate)
    {
        var model = string.Join('\n', _reader.Layers.Select(static layer => $"{layer.Description.Path}:{layer.Description.Type}"));
        if (archive.Value(model) != model)
            throw new InvalidDataException("it was saved for a model with other layers");
        detectors.Persist(archive);
        gate.Persist(archive);
        _reader.Persist(archive);
        _scale.Persist(archive);
        var plan = _schedule.Plan;
        _schedule.Plan = new(archive.Value(plan.Next), archive.Value(plan.Turn), archive.Value(plan.DenseUntil), archive.Value(plan.LastSuspicion));
        _steps = archive.Value(_steps);
        _reads = new(archive.Value(_reads.Norms), archive.Value(_reads.Activations), archive.Value(_reads.Everything));
    }

    private bool Contained(string what, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception fault)
        {
            Report(what, fault);
            RaiseAlerts();
            return false;
        }
    }
}
