using System;
using System.Collections.Generic;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace RealCode
{
    public class FieldsAndForward : Layer
    {
        private readonly Linear fc1 = Linear(6, 8);
        private readonly Linear fc2;
        private readonly Linear fc3;

        public FieldsAndForward() : base("fields")
        {
            fc2 = nn.Linear(8, 8);
            this.fc3 = nn.Linear(8, 3);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var x = F.relu(fc1.forward(input));
            x = torch.sigmoid(fc2.forward(x));
            return fc3.forward(x.tanh());
        }
    }

    public class InPlace : Layer
    {
        private readonly Linear fc1 = Linear(6, 8);
        private readonly Linear fc2 = Linear(8, 8);
        private readonly Linear fc3 = Linear(8, 3);

        public InPlace() : base("in-place") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var x = fc1.forward(input);
            x.relu_();
            x = functional.relu(fc2.forward(x), inplace: true);
            return fc3.forward(x).sigmoid_();
        }
    }

    public class SwapDispose : Layer
    {
        private readonly Linear fc1 = Linear(6, 8);
        private readonly Linear fc2 = Linear(8, 3);

        public SwapDispose() : base("swap-dispose") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = fc1.forward(input);
            var y = x.relu();
            x.Dispose();
            using (var h = functional.gelu(y))
                x = fc2.forward(h);
            return x.MoveToOuterDisposeScope();
        }
    }

    public class Lists : Layer
    {
        private readonly ModuleList<Layer> layers = new ModuleList<Layer>();
        private readonly Sequential head;
        private readonly List<Func<Tensor, Tensor>> activations = new List<Func<Tensor, Tensor>>();

        public Lists(int depth = 3) : base("lists")
        {
            for (var i = 0; i < depth; i++)
            {
                layers.Add(Linear(6, 6));
                activations.Add(x => functional.leaky_relu(x, 0.1));
            }

            head = Sequential(
                ("norm", LayerNorm(6)),
                ("out", Linear(6, 3)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor Step(int i, Tensor x) => activations[i](layers[i].forward(x)) + Gate(x);
            for (var i = 0; i < layers.Count; i++)
                input = Step(i, input);
            return head.forward(input);

            static Tensor Gate(Tensor x) => F.silu(x);
        }
    }

    public class OldStyleCalls : Layer
    {
        private readonly Linear fc1 = Linear(6, 8);
        private readonly Tanh act = Tanh();
        private readonly Linear fc2 = Linear(8, 3);

        public OldStyleCalls() : base("call") => RegisterComponents();

        public override Tensor forward(Tensor input) => functional.softplus(fc2.call(act.call(fc1.call(input))));
    }

    internal static class Extensions
    {
        public static Tensor Squash(this Tensor x) => x.sigmoid();
    }

    public class Helpers : Layer
    {
        private readonly Linear fc1 = Linear(6, 8);
        private readonly Linear fc2 = Linear(8, 3);

        public Helpers() : base("helpers") => RegisterComponents();

        private static Tensor Activate(Tensor x) => special.expit(x);

        public override Tensor forward(Tensor input) => fc2.forward(Activate(fc1.forward(input).Squash()));
    }
}
