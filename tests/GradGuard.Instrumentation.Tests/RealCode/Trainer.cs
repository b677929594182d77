using System;
using TorchSharp;
using static TorchSharp.torch;

namespace RealCode
{
    public static class Trainer
    {
        /// <summary>Trains as a program would, without a word of any monitor but the one call.</summary>
        public static void Train(nn.Module<Tensor, Tensor> model, int steps, bool sequences, Action<Tensor> observe)
        {
            using var optimizer = optim.SGD(model.parameters(), 0.1);
            for (var step = 0; step < steps; step++)
            {
                using var scope = NewDisposeScope();
                var input = sequences ? randn(4, 9, 6) : randn(4, 6);
                var target = randint(0, 3, new long[] { 4 });
                var loss = model is TrainsItself self ? self.Loss(input, target) : nn.functional.cross_entropy(model.forward(input), target);
                optimizer.zero_grad();
                loss.backward();
                observe(loss);
                optimizer.step();
            }
        }
    }
}
