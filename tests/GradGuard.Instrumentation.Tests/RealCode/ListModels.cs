using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace RealCode
{
    /// <summary>Lists of layers, filled as programs fill them.</summary>
    public class Stacks : Layer
    {
        private readonly ModuleList<Layer> mixed = new ModuleList<Layer>();
        private readonly Sequential named;
        private readonly ModuleList<Linear> mapped;
        private readonly ModuleList<Layer> branched = ModuleList<Layer>();
        private readonly ModuleList<Layer> helped = new ModuleList<Layer>();
        private readonly List<Layer> byName = new List<Layer>();

        public Stacks(int depth = 3) : base("stacks")
        {
            mixed.Add(Linear(6, 8));
            for (var i = 0; i < depth; i++)
            {
                var inner = Linear(8, 8);
                mixed.Add(inner);
                mixed.append(
                    ReLU());
            }

            mixed.Add(Linear(8, 6));

            var parts = new List<(string, Layer)>();
            foreach (var width in new long[] { 6, 6 })
            {
                parts.Add(($"fc{parts.Count}", Linear(width, 6)));
                parts.Add(($"act{parts.Count}", Tanh()));
            }

            named = Sequential(parts);
            mapped = new ModuleList<Linear>(Enumerable.Range(0, 2)
                .Select(_ => Linear(6, 6)).ToArray());
            for (var i = 0; i < depth; i++)
            {
                if (i > 0)
                    branched.Add(LayerNorm(6));
                branched.Add(Linear(6, 6));
                byName.Add(Linear(6, 6));
                register_module($"tail{i}", byName[i]);
            }

            Fill(helped);
            RegisterComponents();
        }

        private static void Fill(ModuleList<Layer> list) => list.Add(Linear(6, 3));

        public override Tensor forward(Tensor input)
        {
            foreach (var layer in mixed.Append(named).Concat(mapped).Concat(branched).Concat(byName).Concat(helped))
                input = layer.forward(input);
            return input;
        }
    }
}
