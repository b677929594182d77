using GradGuard.Monitor;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>Which figures a program counts for. No architecture family and no data belong to both.</summary>
internal enum ProgramSet
{
    /// <summary>Whose failures may be looked at to mend a detector.</summary>
    Calibration,

    /// <summary>Whose figures are the result.</summary>
    Report,
}

/// <summary>A program that trains a model under the monitor.</summary>
internal abstract class TrainingProgram
{
    /// <summary>What tells it from all others.</summary>
    public abstract string Name { get; }

    /// <summary>Row of the tables it counts in: an architecture family, a hard case or a fault.</summary>
    public abstract string Group { get; }

    /// <summary>Which figures it counts for.</summary>
    public abstract ProgramSet Set { get; }

    /// <summary>Runs it from start to end.</summary>
    /// <param name="seed">Seed of data, weights and batches.</param>
    /// <param name="sampleEvery">The monitor's interval; null for its default.</param>
    public abstract RunOutcome Run(int seed, int? sampleEvery);

    /// <summary>Trains as <see cref="Run"/> does, with nothing measured but what the monitor reads.</summary>
    /// <param name="seed">Seed of data, weights and batches.</param>
    /// <param name="steps">Steps to train.</param>
    /// <param name="watched">How the monitor watches; null for no monitor.</param>
    /// <returns>All parameters at the end.</returns>
    public abstract float[] Train(int seed, int steps, GradientMonitorOptions? watched);
}
