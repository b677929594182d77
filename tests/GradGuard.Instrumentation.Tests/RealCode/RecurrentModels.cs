using System.Collections.Generic;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RealCode
{
    /// <summary>Named like TorchSharp's, and not one.</summary>
    public class LSTM : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.LSTM lstm = nn.LSTM(6, 8, batchFirst: true);
        private readonly Linear fc = Linear(8, 3);

        public LSTM() : base("lstm") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var (outputs, _, _) = lstm.forward(input);
            return fc.forward(outputs.select(1, -1));
        }
    }

    public class HandWrittenRecurrence : Module<Tensor, Tensor>
    {
        private readonly Parameter Wxh;
        private readonly Parameter Whh;
        private readonly Linear head = Linear(8, 3);

        public HandWrittenRecurrence() : base("by hand")
        {
            Wxh = Parameter(randn(6, 8) / 3);
            Whh = Parameter(randn(8, 8) / 3);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var h = zeros(input.shape[0], 8);
            for (var t = 0; t < input.shape[1]; t++)
                h = tanh(matmul(input.select(1, t), Wxh) + matmul(h, Whh));
            return head.forward(h);
        }
    }

    public class TrainsItself : Module<Tensor, Tensor>
    {
        private readonly Linear fc1 = Linear(6, 8);
        private readonly Linear fc2 = Linear(8, 3);

        public TrainsItself() : base("trains itself") => RegisterComponents();

        public override Tensor forward(Tensor input) => fc2.forward(functional.hardtanh(fc1.forward(input)));

        public Tensor Loss(Tensor input, Tensor target) => functional.cross_entropy(this.forward(input), target);
    }
}
