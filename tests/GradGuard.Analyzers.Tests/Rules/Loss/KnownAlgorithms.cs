namespace GradGuard.Analyzers.Tests.Rules.Loss;

/// <summary>Healthy training steps as papers and their implementations write them: where losses are clamped, cut, shared and divided on purpose.</summary>
internal static class KnownAlgorithms
{
    public const string Source =
        """
        sealed class Mlp : Module<Tensor, Tensor>
        {
            private readonly Linear hidden, output;
            public Mlp(int inputs, int outputs) : base("mlp") { hidden = Linear(inputs, 32); output = Linear(32, outputs); RegisterComponents(); }
            public override Tensor forward(Tensor x) => output.call(functional.relu(hidden.call(x)));
        }

        sealed class Quantizer : Module<Tensor, (Tensor, Tensor)>
        {
            private readonly Linear encoder = Linear(8, 4), decoder = Linear(4, 8);
            private readonly Embedding book = Embedding(16, 4);
            public Quantizer() : base("quantizer") => RegisterComponents();
            public override (Tensor, Tensor) forward(Tensor x)
            {
                var z = encoder.call(x);
                var nearest = (z.pow(2).sum(1, keepdim: true) - 2 * z.matmul(book.weight.t())).argmin(1);
                var q = book.call(nearest);
                var loss = functional.mse_loss(q.detach(), z) * 0.25 + functional.mse_loss(q, z.detach());
                return (decoder.call(z + (q - z).detach()), loss);
            }
        }

        sealed class LayerNormByHand : Module<Tensor, Tensor>
        {
            private readonly Parameter gain = Parameter(torch.ones(8));
            public LayerNormByHand() : base("norm") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                var centred = x - x.mean(new long[] { -1 }, true);
                return gain * centred / torch.sqrt(centred.pow(2).mean(new long[] { -1 }, true) + 1e-5);
            }
        }

        static class Reinforcement
        {
            public static void DoubleQ(Mlp net, Mlp frozen, IEnumerable<(Tensor, Tensor, Tensor, Tensor)> memory, optim.Optimizer optimizer)
            {
                foreach (var (state, action, reward, next) in memory)
                {
                    var q = net.call(state).gather(1, action).squeeze(1);
                    var best = net.call(next).argmax(1, true);
                    Tensor target;
                    using (torch.no_grad())
                        target = reward + 0.99 * frozen.call(next).gather(1, best).squeeze(1);
                    var priority = (target - q).detach().abs().clamp(0, 1);
                    optimizer.zero_grad();
                    functional.smooth_l1_loss(q, target).backward();
                    optimizer.step();
                }
            }

            public static void Proximal(Mlp policy, Mlp value, Tensor state, Tensor action, Tensor oldLog, Tensor oldValue, Tensor gain, Tensor advantage)
            {
                advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8);
                for (var epoch = 0; epoch < 4; epoch++)
                {
                    var log = functional.log_softmax(policy.call(state), 1).gather(1, action).squeeze(1);
                    var ratio = (log - oldLog).exp();
                    if ((oldLog - log).mean().item<float>() > 0.02f)
                        break;
                    (-torch.min(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage).mean()).backward();
                    var v = value.call(state).squeeze(1);
                    var near = oldValue + (v - oldValue).clamp(-0.2, 0.2);
                    torch.max((v - gain).pow(2), (near - gain).pow(2)).mean().backward();
                }
            }

            public static void ActorCritic(Mlp trunk, Mlp policy, Mlp value, Tensor state, Tensor gain)
            {
                var features = trunk.call(state);
                var advantage = gain - value.call(features);
                var actor = (-functional.log_softmax(policy.call(features), 1) * advantage.detach()).mean();
                (actor + 0.5 * advantage.pow(2).mean()).backward();
            }

            public static void Episode(Mlp policy, Mlp baseline, List<Tensor> states, Tensor gain)
            {
                var losses = new List<Tensor>();
                for (var t = 0; t < states.Count; t++)
                    losses.Add(-functional.log_softmax(policy.call(states[t]), 0)[0] * (gain[t] - baseline.call(states[t]).detach()));
                torch.stack(losses).sum().backward();
            }
        }

        static class Generation
        {
            public static void Adversarial(Mlp generator, Mlp judge, IEnumerable<Tensor> images, optim.Optimizer forGenerator, optim.Optimizer forJudge)
            {
                foreach (var image in images)
                {
                    var fake = generator.call(torch.randn(64, 16));
                    forJudge.zero_grad();
                    functional.binary_cross_entropy_with_logits(judge.call(image), torch.ones(64, 1)).backward();
                    functional.binary_cross_entropy_with_logits(judge.call(fake.detach()), torch.zeros(64, 1)).backward();
                    forJudge.step();
                    forGenerator.zero_grad();
                    functional.binary_cross_entropy_with_logits(judge.call(fake), torch.ones(64, 1)).backward();
                    forGenerator.step();
                }
            }

            public static void GradientPenalty(Mlp generator, Mlp judge, IEnumerable<Tensor> images)
            {
                foreach (var image in images)
                {
                    Tensor fake;
                    using (torch.no_grad())
                        fake = generator.call(torch.randn(64, 16));
                    var share = torch.rand(64, 1);
                    var mixed = (share * image + (1 - share) * fake).requires_grad_();
                    var slope = autograd.grad(new[] { judge.call(mixed).sum() }, new[] { mixed }, create_graph: true)[0];
                    (judge.call(fake).mean() - judge.call(image).mean() + 10 * (slope.norm(1) - 1).pow(2).mean()).backward();
                }
            }

            public static void Quantized(Quantizer model, IEnumerable<Tensor> images)
            {
                foreach (var image in images)
                {
                    var (restored, loss) = model.call(image);
                    (functional.mse_loss(restored, image) + loss).backward();
                }
            }

            public static void Gumbel(Mlp net, IEnumerable<(Tensor, Tensor)> batches)
            {
                foreach (var (x, y) in batches)
                {
                    var logits = net.call(x);
                    var noise = -torch.log(-torch.log(torch.rand_like(logits) + 1e-20) + 1e-20);
                    var soft = functional.softmax(logits + noise, 1);
                    var hard = torch.zeros_like(soft).scatter_(1, soft.argmax(1, true), 1f);
                    functional.mse_loss((hard - soft).detach() + soft, y).backward();
                }
            }
        }

        static class Supervision
        {
            public static void Attack(Mlp net, Tensor x, Tensor y)
            {
                var shift = torch.zeros_like(x).uniform_(-0.1, 0.1);
                for (var step = 0; step < 7; step++)
                {
                    shift = shift.detach().requires_grad_();
                    functional.cross_entropy(net.call(x + shift), y).backward();
                    shift = (shift + 0.01 * shift.grad.sign()).clamp(-0.1, 0.1);
                }
            }

            public static void Distill(Mlp teacher, Mlp student, IEnumerable<(Tensor, Tensor)> batches)
            {
                foreach (var (x, y) in batches)
                {
                    var known = teacher.call(x).detach();
                    var p = student.call(x);
                    (functional.kl_div(functional.log_softmax(p / 4, 1), functional.softmax(known / 4, 1)) + functional.cross_entropy(p, y)).backward();
                    var right = p.argmax(1).eq(y).to(ScalarType.Float32).mean().item<float>();
                }
            }

            public static void Triplet(Mlp net, IEnumerable<(Tensor, Tensor, Tensor)> batches)
            {
                foreach (var (a, p, n) in batches)
                {
                    var (anchor, near, far) = (net.call(a), net.call(p), net.call(n));
                    ((anchor - near).pow(2).sum(1) - (anchor - far).pow(2).sum(1) + 0.2).clamp(min: 0).mean().backward();
                }
            }

            public static void Boxes(Mlp net, IEnumerable<(Tensor, Tensor)> batches)
            {
                foreach (var (x, y) in batches)
                {
                    var box = net.call(x);
                    var extent = (torch.min(box[.., 2..], y[.., 2..]) - torch.max(box[.., ..2], y[.., ..2])).clamp(min: 0);
                    var common = extent[.., 0] * extent[.., 1];
                    (1 - common / (box[.., 2] * box[.., 3] + 1 - common + 1e-7)).mean().backward();
                }
            }

            public static void HuberByHand(Mlp net, IEnumerable<(Tensor, Tensor)> batches)
            {
                foreach (var (x, y) in batches)
                {
                    var error = (net.call(x) - y).abs();
                    var quadratic = error.clamp(max: 1);
                    (0.5 * quadratic.pow(2) + (error - quadratic)).mean().backward();
                }
            }

            public static void TwoTasks(Mlp trunk, Mlp first, Mlp second, IEnumerable<(Tensor, Tensor, Tensor)> batches)
            {
                foreach (var (x, a, b) in batches)
                {
                    var features = trunk.call(x);
                    functional.cross_entropy(first.call(features), a).backward(retain_graph: true);
                    functional.cross_entropy(second.call(features), b).backward();
                }
            }

            public static void Windows(LSTM lstm, Linear head, Tensor series)
            {
                Tensor h = torch.zeros(1, 8, 32), c = torch.zeros(1, 8, 32);
                for (var t = 0; t < 1000; t += 20)
                {
                    var (output, hn, cn) = lstm.call(series.narrow(0, t, 20), (h.detach(), c.detach()));
                    (h, c) = (hn, cn);
                    functional.mse_loss(head.call(output), series.narrow(0, t + 1, 20)).backward();
                }
            }
        }
        """;
}
