using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>Sound models raise nothing, read on every step, over several seeds.</summary>
public sealed class HealthyModelTests
{
    public static TheoryData<string, int> Runs()
    {
        var runs = new TheoryData<string, int>();
        foreach (var model in new[] { "mlp", "dropout", "cnn", "lstm", "rnn", "tanh", "sigmoid", "one-sample batches", "frozen", "zero-init tail" })
        {
            for (var seed = 1; seed <= 3; seed++)
                runs.Add(model, seed);
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void RaisesNothing(string model, int seed)
    {
        var run = new TrainingRun
        {
            Seed = seed,
            Steps = 150,
            Batch = model == "one-sample batches" ? 1 : 64,
            LearningRate = model switch { "one-sample batches" => 0.01, "lstm" or "rnn" => 0.005, _ => 0.05 },
            Adam = model is "lstm" or "rnn",
            Clip = model is "lstm" or "rnn" ? 1 : null,
            Features = model == "cnn" ? 64 : 32,
            Input = model switch { "cnn" => Models.AsImage, "lstm" or "rnn" => Models.AsSequence, _ => static batch => batch.alias() },
        };
        var result = run.Train(() => Build(model));

        Assert.True(result.Alerts.Count == 0, result.Told);
        Assert.True(result.Losses[^1] < result.Losses[0], "the model is meant to learn");
    }

    private static Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> Build(string model)
    {
        switch (model)
        {
            case "mlp" or "one-sample batches": return Models.Mlp();
            case "dropout": return Models.MlpWithDropout();
            case "cnn": return Models.Cnn();
            case "lstm": return Reader.Lstm(24);
            case "rnn": return Reader.Rnn(24, null);
            case "tanh": return Models.Deep(3, 64, () => Tanh(), layer => init.xavier_uniform_(layer.weight!));
            case "sigmoid": return Models.Deep(2, 64, () => Sigmoid(), layer => init.xavier_uniform_(layer.weight!));
            case "frozen":
                var frozen = Models.Mlp();
                foreach (var (name, parameter) in frozen.named_parameters())
                    parameter.requires_grad = name.StartsWith("fc3", StringComparison.Ordinal);
                return frozen;
            default:
                var tail = Models.Mlp();
                init.zeros_(tail.get_parameter("fc3.weight")!);
                return tail;
        }
    }
}
