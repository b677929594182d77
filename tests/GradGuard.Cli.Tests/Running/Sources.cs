namespace GradGuard.Cli.Tests.Running;

/// <summary>Models to write into folders.</summary>
internal static class Sources
{
    public const string Usings = """
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        """;

    /// <summary>Standard normal weights over 784 inputs before a sigmoid: one GG1002.</summary>
    public static string Saturated(string name = "Net") => Usings + $$"""
        class {{name}} : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(784, 128);
            private readonly Linear fc2 = Linear(128, 10);
            public {{name}}() : base("net")
            {
                init.normal_(fc1.weight);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x) => fc2.call(functional.sigmoid(fc1.call(x)));
        }
        """;

    /// <summary>The same with Xavier weights: nothing to find.</summary>
    public static string Healthy(string name = "Net") => Saturated(name).Replace("init.normal_", "init.xavier_uniform_");

    /// <summary>A suggestion, GG6001, and no warning.</summary>
    public static string ForwardCalled(string name = "Net") => Healthy(name).Replace("fc2.call", "fc2.forward");

    /// <summary>Top-level statements that train a recurrent <paramref name="model"/>, declared elsewhere, without clipping: one GG3001.</summary>
    public static string Trainer(string model) => Usings + $$"""
        var model = new {{model}}();
        var optimizer = optim.Adam(model.parameters());
        for (var step = 0; step < 10; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = functional.mse_loss(model.call(randn(8, 20, 4)), zeros(8, 1));
            loss.backward();
            optimizer.step();
        }
        """;

    public static string Recurrent(string name) => Usings + $$"""
        public class {{name}} : Module<Tensor, Tensor>
        {
            private readonly LSTM lstm = LSTM(4, 16, batchFirst: true);
            private readonly Linear head = Linear(16, 1);
            public {{name}}() : base("recurrent") => RegisterComponents();
            public override Tensor forward(Tensor x) => head.call(lstm.call(x).Item1.select(1, -1));
        }
        """;
}
