using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>The graph is cut behind the first hidden part: what lies before it never trains.</summary>
internal sealed class Detached : Fault
{
    private List<string> _before = [];

    public override string Name => "cut off by detach";

    public override IReadOnlyList<string> Symptoms => ["GG9011"];

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer) => true;

    public override void Rewire(List<Stage> stages)
    {
        var after = stages.FindIndex(static stage => stage.Module.parameters().Any());
        _before = [.. stages.Take(after + 1).Select(static stage => stage.Name)];
        stages.Insert(after + 1, new Stage("cut", new Cut()));
    }

    public override IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model) => _before;

    /// <summary>The parameters get no gradient.</summary>
    public override bool Harmed(RunOutcome faulty, RunOutcome twin)
        => faulty.Starved.Any(name => _before.Exists(stage => name.StartsWith(stage + ".", StringComparison.Ordinal)));

    private sealed class Cut() : nn.Module<Tensor, Tensor>(nameof(Cut))
    {
        public override Tensor forward(Tensor input) => input.detach();
    }
}
