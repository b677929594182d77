using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.SampleModels.Datasets;

/// <summary>
/// The adding problem (Hochreiter and Schmidhuber, 1997, experiment 4): each step of a sequence carries a number in 0…1 and a
/// mark; two steps are marked, one in either half, and the target is the sum of their numbers. Without memory the best answer is
/// always 1, with a mean squared error of 1/6. Inputs are float [n, length, 2], targets float [n, 1].
/// </summary>
/// <param name="length">Steps of a sequence.</param>
public sealed class AddingProblem(int length) : LearningTask
{
    private const int TrainCount = 2000;
    private const int TestCount = 500;

    /// <summary>An answer this near counts as right: a constant answer of 1 is right in about one case out of five.</summary>
    private const double Tolerance = 0.1;

    public override bool ReadsFiles => false;

    public override Dataset Load(string? directory, int seed)
    {
        var random = new Random(seed);
        var (trainInputs, trainTargets) = Generate(TrainCount, random);
        var (testInputs, testTargets) = Generate(TestCount, random);
        return new Dataset(trainInputs, trainTargets, testInputs, testTargets);
    }

    public override Tensor Loss(Tensor output, Tensor target) => functional.mse_loss(output, target);

    public override Tensor IsRight(Tensor output, Tensor target) => (output - target).abs().squeeze(1) < Tolerance;

    private (Tensor Inputs, Tensor Targets) Generate(int count, Random random)
    {
        var inputs = new float[count * length * 2];
        var targets = new float[count];
        for (int n = 0; n < count; n++)
        {
            int first = random.Next(length / 2);
            int second = length / 2 + random.Next(length - length / 2);
            for (int t = 0; t < length; t++)
            {
                int at = (n * length + t) * 2;
                inputs[at] = random.NextSingle();
                if (t != first && t != second) continue;
                inputs[at + 1] = 1;
                targets[n] += inputs[at];
            }
        }

        return (tensor(inputs, [count, length, 2]), tensor(targets, [count, 1]));
    }
}
