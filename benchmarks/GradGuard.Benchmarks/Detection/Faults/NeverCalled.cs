using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Programs;
using GradGuard.Benchmarks.Detection.Tasks;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Faults;

/// <summary>A layer that is registered and never called, over more steps than a rare branch needs.</summary>
internal sealed class NeverCalled : Fault
{
    private const string Owner = "forgets";

    public override string Name => "layer never called";

    public override IReadOnlyList<string> Symptoms => ["GG9011"];

    public override int Steps(int usual) => 640;

    public override bool Fits(Architecture architecture, LearningTask task, OptimizerKind optimizer) => true;

    public override void Rewire(List<Stage> stages) => stages.Add(new Stage(Owner, new Forgets()));

    public override IReadOnlyList<string> Culprits(nn.Module<Tensor, Tensor> model) => [Owner + ".unused"];

    /// <summary>The parameters get no gradient.</summary>
    public override bool Harmed(RunOutcome faulty, RunOutcome twin) => faulty.Starved.Contains(Owner + ".unused.weight");

    private sealed class Forgets : nn.Module<Tensor, Tensor>
    {
        public Forgets()
            : base(nameof(Forgets)) => register_module("unused", nn.Linear(8, 8));

        public override Tensor forward(Tensor input) => input.alias();
    }
}
