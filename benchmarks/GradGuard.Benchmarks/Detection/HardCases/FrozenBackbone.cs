using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.HardCases;

/// <summary>A trained backbone, frozen on purpose, under a fresh head.</summary>
internal sealed class FrozenBackbone : HardCase
{
    private nn.Module<Tensor, Tensor>? _model;

    public override string Name => "frozen backbone";

    public override int StepsBefore => 200;

    public override void Prepare(nn.Module<Tensor, Tensor> model) => _model = model;

    public override void BeforeRun(Tensor inputs, Tensor targets)
    {
        var parameters = _model!.parameters().ToList();
        foreach (var parameter in parameters.SkipLast(2))
        {
            parameter.requires_grad = false;
            parameter.grad = null;
        }

        using var noGrad = no_grad();
        foreach (var parameter in parameters.TakeLast(2))
            nn.init.normal_(parameter, std: 0.1);
    }
}
