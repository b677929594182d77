using System;
using System.Linq;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using nn = TorchSharp.torch.nn;

namespace RealCode
{
    public interface IEncoder
    {
        Tensor forward(Tensor x, bool keep);
    }

    /// <summary>A module without a call: its own forward takes what TorchSharp has no arity for.</summary>
    public class Encoder : nn.Module, IEncoder
    {
        private readonly Linear inner = nn.Linear(6, 6);

        public Encoder() : base("encoder") => RegisterComponents();

        public Tensor forward(Tensor x, bool keep)
        {
            var y = inner.forward(x).relu();
            return keep ? y + x : y;
        }
    }

    public abstract class Block<TInput> : nn.Module<TInput, Tensor>
        where TInput : class
    {
        protected Block(string name) : base(name)
        {
        }

        public Tensor run(TInput input) => forward(input);
    }

    public class Dense : Block<Tensor>
    {
        protected readonly Linear fc;

        public Dense(long inputs, long outputs) : base("dense")
        {
            fc = nn.Linear(inputs, outputs);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => fc.forward(input).relu6();
    }

    public class Residual<TInner> : nn.Module<Tensor, Tensor>
        where TInner : nn.Module<Tensor, Tensor>
    {
        private readonly TInner inner;

        public Residual(TInner inner) : base("residual")
        {
            this.inner = inner;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => input + inner.forward(input);
    }

    public class Gated : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly Linear gate = nn.Linear(6, 6);

        public Gated() : base("gated") => RegisterComponents();

        public override Tensor forward(Tensor x, Tensor memory) => torch.sigmoid(gate.forward(x)) * memory;
    }

    public class Bag<T> : nn.Module<T, Tensor>
        where T : nn.Module<Tensor, Tensor>
    {
        private readonly Linear fc = nn.Linear(6, 6);

        public Bag() : base("bag") => RegisterComponents();

        public override Tensor forward(T input) => input.forward(fc.forward(fc.weight!)).selu();
    }

    public class Outer : nn.Module<Tensor, Tensor>
    {
        private readonly IEncoder encoder;
        private readonly Encoder registered;
        private readonly Residual<Dense> residual;
        private readonly Gated gated;
        private readonly Hidden hidden;
        private readonly Linear? optional;
        private readonly Bag<nn.Module<Tensor, Tensor>> bag;
        private readonly Linear last;

        public Outer() : base("outer")
        {
            registered = new Encoder();
            encoder = registered;
            residual = new Residual<Dense>(new Dense(6, 6));
            gated = new Gated();
            hidden = new Hidden();
            optional = nn.Linear(6, 6);
            bag = new Bag<nn.Module<Tensor, Tensor>>();
            last = nn.Linear(6, 3);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => forward(input, true);

        public Tensor forward(Tensor input, bool deep)
        {
            var x = encoder.forward(input, keep: true);
            x = residual.forward(x);
            x = gated.forward(memory: x, x: input);
            x = hidden.forward(x);
            x = optional?.forward(x) ?? x;
            if (deep)
                x = x + bag.forward(residual).mean();
            Func<Tensor, Tensor> finish = y => last.forward(y).log_softmax(-1);
            return new[] { x }.Select(y => finish(y)).Single();
        }

        private class Hidden : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc = nn.Linear(6, 6);

            public Hidden() : base("hidden") => RegisterComponents();

            public override Tensor forward(Tensor x) => fc.forward(x).elu();
        }
    }
}
