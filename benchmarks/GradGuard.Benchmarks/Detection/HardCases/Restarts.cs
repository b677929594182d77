namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>A learning rate that falls along a cosine and starts again at the top every 75 steps.</summary>
internal sealed class Restarts : HardCase
{
    private const int Period = 75;

    public override string Name => "learning-rate restarts";

    public override double Rate(double usual, int step) => usual * (1 + Math.Cos(Math.PI * (step % Period) / Period)) / 2;
}
