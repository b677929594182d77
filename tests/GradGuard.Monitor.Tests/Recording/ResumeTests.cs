using GradGuard.Monitor.Tests.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>A run that is cut and goes on tells what the uncut one would have told.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    public static TheoryData<string, int> Cuts()
    {
        var cuts = new TheoryData<string, int>();
        foreach (var fault in new[] { "dead", "saturated", "vanishing", "learning rate", "clipping", "spike", "recurrent" })
        {
            foreach (var cut in new[] { 3, 14, 67 })
                cuts.Add(fault, cut);
        }

        return cuts;
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void TheSameAlertsAreRaisedAtTheSameSteps(string fault, int cut)
    {
        var uncut = Train(fault, cutAt: null);
        Assert.NotEmpty(uncut);
        Assert.Equal(uncut, Train(fault, cut));
    }

    [Fact]
    public void AFileThatIsNoStateIsReportedAndTrainingGoesOn()
    {
        File.WriteAllText(_file, "not a state");
        AssertRefused(_file, "no saved state");
        AssertRefused(_file + ".missing", "missing");
    }

    [Theory]
    [InlineData(4, "version")]
    [InlineData(9, "length")]
    [InlineData(40, "checksum")]
    public void ADamagedStateIsReportedAndTrainingGoesOn(int at, string reason)
    {
        SaveOne(Models.Mlp());
        var bytes = File.ReadAllBytes(_file);
        bytes[at] ^= 0x40;
        File.WriteAllBytes(_file, bytes);
        AssertRefused(_file, reason);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(15)]
    [InlineData(60)]
    public void AStateThatIsCutShortIsReportedAndTrainingGoesOn(int length)
    {
        SaveOne(Models.Mlp());
        File.WriteAllBytes(_file, File.ReadAllBytes(_file)[..length]);
        AssertRefused(_file, length < 16 ? "short" : "length");
    }

    [Fact]
    public void AStateOfAnotherModelIsRefused()
    {
        SaveOne(Models.Cnn());
        AssertRefused(_file, "other layers");
    }

    [Fact]
    public void AStateIsLoadedBeforeTheFirstStepOnly()
    {
        using var model = Models.Mlp();
        using var monitor = GradientMonitor.Attach(model);
        using var loss = ones(1);
        monitor.Observe(loss);
        Assert.Throws<InvalidOperationException>(() => monitor.LoadState(_file));
    }

    [Fact]
    public void AStateThatCannotBeWrittenIsReported()
    {
        using var model = Models.Mlp();
        using var monitor = GradientMonitor.Attach(model);
        Assert.False(monitor.SaveState(Path.Combine(_file, "below-a-file")));
        Assert.Equal("GG9013", Assert.Single(monitor.Alerts).Id);
    }

    [Fact]
    public void FiguresGoOnAsThoseOfTheUncutRun()
    {
        // Large outputs are read in parts, in turn; the scale's factor shows in no sum of the last layer, and must be known from before.
        var uncut = Figures(cutAt: null);
        Assert.Equal(60, uncut.Count);
        Assert.Equal(uncut, Figures(cutAt: 40));
    }

    private static List<(double Output, double Gradient)> Figures(int? cutAt)
    {
        manual_seed(1);
        using var model = Sequential(("fc1", Linear(8, 256)), ("act", ReLU()), ("fc2", Linear(256, 256)), ("act2", ReLU()), ("fc3", Linear(256, 4)));
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        var figures = new List<(double, double)>();
        GradientMonitor Attach()
        {
            var attached = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
            attached.LossScale = 65536;
            attached.Recorded += record => figures.Add((record.Layers[0].Output!.Rms, record.Parameters[0].Gradient!.Norm));
            return attached;
        }

        var monitor = Attach();
        for (var step = 0; step < 60; step++)
        {
            if (step == cutAt)
            {
                using var state = new MemoryStream();
                Assert.True(monitor.SaveState(state));
                monitor.Dispose();
                state.Position = 0;
                monitor = Attach();
                Assert.True(monitor.LoadState(state));
            }

            using var scope = NewDisposeScope();
            var data = randn(512, 8);
            optimizer.zero_grad();
            var loss = functional.cross_entropy(model.call(data), data.slice(1, 0, 4, 1).argmax(1));
            (loss * 65536).backward();
            monitor.Observe(loss);
            foreach (var parameter in model.parameters())
                parameter.grad!.div_(65536);
            optimizer.step();
        }

        monitor.Dispose();
        return figures;
    }

    private void SaveOne(nn.Module<Tensor, Tensor> model)
    {
        using (model)
        using (var monitor = GradientMonitor.Attach(model))
            Assert.True(monitor.SaveState(_file));
    }

    private static void AssertRefused(string file, string reason)
    {
        using var model = Models.Mlp();
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        Assert.False(monitor.LoadState(file));
        var alert = Assert.Single(monitor.Alerts);
        Assert.Equal(("GG9013", AlertSeverity.Info), (alert.Id, alert.Severity));
        Assert.Contains(reason, alert.Message, StringComparison.Ordinal);
        using var loss = ones(1);
        monitor.Observe(loss);
        Assert.Equal(1, monitor.Summary().SampledSteps);
    }

    private List<string> Train(string fault, int? cutAt)
    {
        manual_seed(7);
        using var model = Build(fault);
        using var optimizer = optim.SGD(model.parameters(), fault switch { "learning rate" => 1e-7, "vanishing" => 0.05, _ => 0.02 });
        var options = new GradientMonitorOptions { SampleEvery = fault is "clipping" ? 2 : 1 };
        var monitor = GradientMonitor.Attach(model, options);
        var told = new List<string>();
        manual_seed(8);
        using var centers = randn(4, 32);
        for (var step = 0; step < (fault == "clipping" ? 310 : 140); step++)
        {
            if (step == cutAt)
            {
                told.AddRange(monitor.Alerts.Select(static alert => alert.ToString()));
                Assert.True(monitor.SaveState(_file));
                monitor.Dispose();
                monitor = GradientMonitor.Attach(model, options);
                Assert.True(monitor.LoadState(_file));
            }

            using var scope = NewDisposeScope();
            var labels = randint(0, 4, 64, dtype: ScalarType.Int64);
            var data = centers.index_select(0, labels) + (fault == "spike" && step == 100 ? 300 * randn(64, 32) : randn(64, 32));
            optimizer.zero_grad();
            var loss = functional.cross_entropy(model.call(fault == "recurrent" ? Models.AsSequence(data) : data), labels);
            loss.backward();
            if (fault is "clipping" or "spike")
                monitor.ClipGradNorm(model.parameters(), fault == "spike" ? 1 : 0.05);
            monitor.Observe(loss);
            optimizer.step();
        }

        told.AddRange(monitor.Alerts.Select(static alert => alert.ToString()));
        monitor.Dispose();
        return told;
    }

    private static Module<Tensor, Tensor> Build(string fault) => fault switch
    {
        "dead" => Models.Deep(2, 32, () => ReLU(), layer => init.constant_(layer.bias!, -8)),
        "saturated" => Models.Deep(1, 32, () => Sigmoid(), layer => init.normal_(layer.weight!, 0, 3)),
        "vanishing" => Models.Deep(8, 32, () => Sigmoid(), static _ => { }),
        "recurrent" => Reader.Rnn(24, 0.6, NonLinearities.ReLU),
        _ => Models.Mlp(),
    };
}
