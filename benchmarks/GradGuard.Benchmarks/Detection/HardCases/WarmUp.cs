namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>A learning rate that starts at nothing, rises for 80 steps, and then falls along a cosine.</summary>
internal sealed class WarmUp : HardCase
{
    private const int RisingSteps = 80;
    private const int FallingSteps = 220;

    public override string Name => "learning-rate warm-up";

    public override double Rate(double usual, int step)
        => step < RisingSteps
            ? usual * step / RisingSteps
            : usual * (1 + Math.Cos(Math.PI * (step - RisingSteps) / FallingSteps)) / 2;
}
