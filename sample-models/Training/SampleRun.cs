using GradGuard.Monitor;
using GradGuard.SampleModels.Catalogue;
using TorchSharp;

namespace GradGuard.SampleModels.Training;

/// <summary>One monitored training run of a sample, from fresh weights to its test score.</summary>
public sealed class SampleRun(Sample sample)
{
    public required int Steps { get; init; }

    /// <summary>Decides weights, made-up data and the order of batches.</summary>
    public required int Seed { get; init; }

    /// <summary>Where the full data files lie; null for those shipped along.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Where the monitor writes; null to write nothing.</summary>
    public string? RunDirectory { get; init; }

    /// <summary>Told each step's number and loss.</summary>
    public Action<int, double>? Progress { get; init; }

    /// <summary>Told each alert as it is raised.</summary>
    public Action<Alert>? AlertRaised { get; init; }

    /// <exception cref="IOException">A data file is missing or the run directory cannot be written.</exception>
    /// <exception cref="InvalidDataException">A data file is damaged.</exception>
    public SampleOutcome Train()
    {
        using var data = sample.Task.Load(DataDirectory, Seed);
        torch.random.manual_seed(Seed);
        using var model = sample.Create();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { RunDirectory = RunDirectory });
        if (AlertRaised is { } raised) monitor.AlertRaised += (_, alert) => raised(alert);

        var trainer = new Trainer(sample, data, Seed);
        trainer.Train(model, Steps, monitor, Progress);
        monitor.Complete();
        var (loss, accuracy) = trainer.Evaluate(model);
        return new SampleOutcome(sample, [.. monitor.Alerts], loss, accuracy, monitor.Summary(), monitor.Preflight, monitor.RunDirectory);
    }
}

/// <summary>What a run came to.</summary>
/// <param name="Sample">What was trained.</param>
/// <param name="Alerts">Every alert, in order.</param>
/// <param name="Loss">Mean loss over the test examples.</param>
/// <param name="Accuracy">Share of the test examples answered right.</param>
/// <param name="Monitoring">What the monitor saw and what it cost.</param>
/// <param name="Preflight">How each layer started, beside what the code predicts; null where the run was too short.</param>
/// <param name="RunDirectory">Where the run was written; null when nothing was.</param>
public sealed record SampleOutcome(
    Sample Sample, IReadOnlyList<Alert> Alerts, double Loss, double Accuracy, MonitorSummary Monitoring, PreflightReport? Preflight,
    string? RunDirectory);
