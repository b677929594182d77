using System.Text.Json;
using static TorchSharp.torch;

namespace GradGuard.Instrumentation.Tests.Watching;

/// <summary>What the monitor makes of a sigmoid written with operators.</summary>
public sealed class WrittenSigmoidTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gradguard-").FullName;

    [Theory, InlineData(1), InlineData(23)]
    public void ASaturatedOne_IsReportedOnceAtTheLayerThatFeedsIt(long seed)
    {
        manual_seed(seed);
        using var model = new Net(static (net, x) => net.fc2.forward(1 / (1 + exp(-net.fc1.forward(x)))));
        using (no_grad())
            model.fc1.weight!.mul_(15);

        var alert = Assert.Single(Training.Run(model, steps: 12).Alerts, static alert => alert.Id == "GG9005");

        Assert.Equal("fc1", alert.Layer);
        Assert.Contains(":sigmoid@", alert.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(2), InlineData(31)]
    public void AHealthyOne_AndASaturatedGate_AreSilent(long seed)
    {
        manual_seed(seed);
        using var healthy = new Net(static (net, x) => net.fc2.forward(1 / (1 + exp(-net.fc1.forward(x)))));
        using var gate = new Net(static (net, x) =>
        {
            var h = net.fc1.forward(x);
            return net.fc2.forward(h / (1 + exp(-h)));
        });
        using (no_grad())
            gate.fc1.weight!.mul_(60);

        Assert.DoesNotContain(Training.Run(healthy, steps: 12).Alerts, static alert => alert.Id == "GG9005");
        Assert.DoesNotContain(Training.Run(gate, steps: 12).Alerts, static alert => alert.Id == "GG9005");
    }

    [Fact]
    public void ItsFigures_AreThoseOfTheLibrarysSigmoid()
    {
        var written = Figures("written", static (net, x) => net.fc2.forward(1 / (1 + exp(-net.fc1.forward(x)))));
        var called = Figures("called", static (net, x) => net.fc2.forward(sigmoid(net.fc1.forward(x))));

        foreach (var figure in new[] { "mean", "rms", "min", "max", "saturatedShare" })
            Assert.Equal(called.GetProperty(figure).GetDouble(), written.GetProperty(figure).GetDouble(), 1e-5);
    }

    [Fact]
    public void AnExpThatOverflows_IsNoInfinityOfTheSigmoid()
    {
        using var model = new Net(static (net, x) => net.fc2.forward((1 / (1 + exp(-net.fc1.forward(x).detach())))));
        using (no_grad())
            model.fc1.weight!.mul_(1e4f);

        Assert.DoesNotContain(Training.Run(model, steps: 3).Alerts, static alert => alert.Id == "GG9001");
    }

    [Fact]
    public void ParametersAreBitForBitTheSame_WatchedOrNot()
    {
        Assert.Equal(Trained(watched: false), Trained(watched: true));

        static float[] Trained(bool watched)
        {
            manual_seed(9);
            using var model = new Net(static (net, x) => net.fc2.forward(1 / (1 + exp(-net.fc1.forward(x)))));
            if (watched)
                Training.Run(model, steps: 20);
            else
                Training.Plain(model, steps: 20);
            return [.. model.parameters().SelectMany(static parameter => parameter.data<float>().ToArray())];
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private JsonElement Figures(string name, Func<Net, Tensor, Tensor> body)
    {
        manual_seed(7);
        using var model = new Net(body);
        var directory = Training.Run(model, steps: 1, Path.Combine(_directory, name)).RunDirectory!;
        using var record = JsonDocument.Parse(File.ReadLines(Path.Combine(directory, "records.jsonl")).First());
        return record.RootElement.GetProperty("layers").EnumerateArray().Single(static layer => layer.GetProperty("layer").GetString()!.Contains(":sigmoid@", StringComparison.Ordinal)).Clone();
    }
}
