using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Instrumentation.Tests.Watching;

/// <summary>A module whose forward is given: calls in it are intercepted where the lambda is written.</summary>
internal sealed class Net : Module<Tensor, Tensor>
{
    public readonly Linear fc1 = Linear(6, 16);
    public readonly Linear fc2 = Linear(16, 3);
    private readonly Func<Net, Tensor, Tensor> body;

    public Net(Func<Net, Tensor, Tensor> body)
        : base("net")
    {
        this.body = body;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => body(this, input);
}
