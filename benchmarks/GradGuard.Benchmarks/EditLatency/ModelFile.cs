using System.Text;

namespace GradGuard.Benchmarks.EditLatency;

/// <summary>A made-up file as people write them: several modules in the common styles, and a trainer.</summary>
internal static class ModelFile
{
    /// <summary>Stands once in the file, before a number of <see cref="DigitsEdited"/> digits, a layer's width: what an edit replaces.</summary>
    public const string Mark = "/*here*/";

    public const int DigitsEdited = 3;

    /// <summary>The text, at least <paramref name="lines"/> long; classes go into the namespace <paramref name="name"/>.</summary>
    public static string Create(string name, int lines)
    {
        var text = new StringBuilder(
            $"""
            using System;
            using System.Collections.Generic;
            using TorchSharp;
            using TorchSharp.Modules;
            using static TorchSharp.torch;
            using static TorchSharp.torch.nn;

            namespace {name};


            """);
        text.Append(Trainer);
        for (var number = 0; Lines(text) < lines; number++)
            text.Append(Modules[number % Modules.Length].Replace("NAME", $"Net{number}", StringComparison.Ordinal));
        var file = text.ToString();
        var layer = file.IndexOf("128", file.Length / 2, StringComparison.Ordinal);
        return string.Concat(file.AsSpan(0, layer), Mark, file.AsSpan(layer));
    }

    private static int Lines(StringBuilder text) => text.ToString().Count(character => character == '\n');

    private const string Trainer =
        """
        public sealed class Trainer
        {
            private readonly Net0 model = new(10);
            private readonly optim.Optimizer optimizer;
            private readonly CrossEntropyLoss criterion = CrossEntropyLoss();

            public Trainer() => optimizer = optim.Adam(model.parameters(), 1e-3);

            public void Train(IEnumerable<(Tensor x, Tensor y)> batches, int epochs)
            {
                for (var epoch = 0; epoch < epochs; epoch++)
                {
                    var total = 0.0;
                    foreach (var (x, y) in batches)
                    {
                        using var scope = NewDisposeScope();
                        optimizer.zero_grad();
                        var loss = criterion.call(model.call(x), y);
                        loss.backward();
                        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0);
                        optimizer.step();
                        total += loss.item<float>();
                    }

                    Console.WriteLine($"{epoch}: {total}");
                }
            }

            public double Evaluate(IEnumerable<(Tensor x, Tensor y)> batches)
            {
                using var off = no_grad();
                model.eval();
                var (right, all) = (0L, 0L);
                foreach (var (x, y) in batches)
                {
                    using var scope = NewDisposeScope();
                    right += model.call(x).argmax(1).eq(y).sum().item<long>();
                    all += y.shape[0];
                }

                model.train();
                return (double)right / all;
            }
        }

        """;

    private static readonly string[] Modules =
    [
        """

        public sealed class NAME : Module<Tensor, Tensor>
        {
            private readonly Linear fc1;
            private readonly Linear fc2;
            private readonly Linear fc3;
            private readonly Dropout drop = Dropout(0.3);

            public NAME(int classes) : base("NAME")
            {
                fc1 = Linear(784, 256);
                fc2 = Linear(256, 128);
                fc3 = Linear(128, classes);
                init.kaiming_uniform_(fc1.weight);
                init.kaiming_uniform_(fc2.weight);
                init.zeros_(fc1.bias);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = x.flatten(1);
                x = drop.call(functional.relu(fc1.call(x)));
                x = drop.call(functional.relu(fc2.call(x)));
                return fc3.call(x);
            }
        }

        """,
        """

        public sealed class NAME : Module<Tensor, Tensor>
        {
            private readonly Sequential features;
            private readonly Sequential head;

            public NAME() : base("NAME")
            {
                features = Sequential(
                    ("conv1", Conv2d(1, 32, 3, padding: 1)),
                    ("norm1", BatchNorm2d(32)),
                    ("act1", ReLU()),
                    ("pool1", MaxPool2d(2)),
                    ("conv2", Conv2d(32, 64, 3, padding: 1)),
                    ("norm2", BatchNorm2d(64)),
                    ("act2", ReLU()),
                    ("pool2", MaxPool2d(2)));
                head = Sequential(Flatten(), Linear(64 * 7 * 7, 128), ReLU(), Dropout(0.5), Linear(128, 10));
                foreach (var (name, parameter) in named_parameters())
                {
                    if (name.EndsWith("bias", StringComparison.Ordinal))
                        init.zeros_(parameter);
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call(features.call(x.view(-1, 1, 28, 28)));
        }

        """,
        """

        public sealed class NAME : Module<Tensor, Tensor>
        {
            private readonly Embedding embedding = Embedding(20000, 128);
            private readonly LSTM lstm = LSTM(128, 128, numLayers: 2, batchFirst: true);
            private readonly Linear head = Linear(128, 2);

            public NAME() : base("NAME")
            {
                foreach (var (name, weight) in lstm.named_parameters())
                {
                    if (name.StartsWith("weight_hh", StringComparison.Ordinal))
                        init.orthogonal_(weight);
                }

                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                var (output, _, _) = lstm.call(embedding.call(x));
                var last = output.select(1, -1);
                return head.call(last);
            }
        }

        """,
        """

        public sealed class NAME : Module<Tensor, Tensor>
        {
            private readonly Linear query = Linear(128, 128);
            private readonly Linear key = Linear(128, 128);
            private readonly Linear value = Linear(128, 128);
            private readonly LayerNorm norm = LayerNorm(128);
            private readonly ModuleList<Linear> mixers = new();

            public NAME() : base("NAME")
            {
                for (var i = 0; i < 4; i++)
                    mixers.Add(Linear(128, 128));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                var scores = query.call(x).matmul(key.call(x).transpose(-2, -1)) / Math.Sqrt(128);
                x = norm.call(x + softmax(scores, -1).matmul(value.call(x)));
                foreach (var mixer in mixers)
                    x = x + functional.gelu(mixer.call(x));
                return x;
            }
        }

        """,
    ];
}
