using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Tasks;

/// <summary>The output of a random network of two layers, to be learned from examples.</summary>
internal sealed class TeacherRegression : LearningTask
{
    private const long TeacherUnits = 8;

    public override string Name => "teacher";

    public override InputKind Input => InputKind.Vector;

    public override long Features => 12;

    public override long Outputs => 2;

    public override bool IsClassification => false;

    public override (Tensor Inputs, Tensor Targets) Draw(long samples)
    {
        var inputs = randn(samples, Features);
        var hidden = tanh(inputs.matmul(randn(Features, TeacherUnits)) / Math.Sqrt(Features) * 1.5);
        return (inputs, hidden.matmul(randn(TeacherUnits, Outputs)) / Math.Sqrt(TeacherUnits));
    }
}
