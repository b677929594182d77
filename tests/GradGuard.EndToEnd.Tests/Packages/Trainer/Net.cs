using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Trainer
{
    /// <summary>Broken twice: the sigmoids of fc1 start saturated, and softmax stands before a loss that applies its own.</summary>
    internal sealed class Net : Module<Tensor, Tensor>
    {
        private readonly Linear fc1 = Linear(64, 32);
        private readonly Linear fc2 = Linear(32, 16);
        private readonly Linear fc3 = Linear(16, 2);

        public Net() : base("net")
        {
            init.normal_(fc1.weight, 0, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            x = functional.sigmoid(fc1.forward(x));
            x = fc2.forward(x).relu();
            return functional.softmax(fc3.forward(x), 1);
        }
    }
}
