using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>Something unusual that looks like a fault and is none.</summary>
internal abstract class HardCase : Variation
{
    /// <summary>True where it can be done to a program.</summary>
    public virtual bool Fits(Architecture architecture) => true;
}
