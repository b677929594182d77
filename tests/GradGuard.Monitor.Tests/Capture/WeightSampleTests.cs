using GradGuard.Monitor.Capture;
using GradGuard.Monitor.Recording;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Tests.Capture;

public sealed class WeightSampleTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_small_weight_is_compared_whole(ScalarType type)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var weight = randn([40, 30], type);
        var before = weight.clone();
        var sample = WeightSample.Take(weight, kept: null)!;
        weight.add_(randn([40, 30], type).mul(0.01));
        var update = sample.UpdateOf(weight, renew: false)!.Value;
        Assert.Equal(1200, sample.Sampled);
        Assert.Equal((weight - before).square().sum().to_type(ScalarType.Float64).item<double>(), update.SquaredDistance, 1e-6);
        Assert.Equal(before.square().sum().to_type(ScalarType.Float64).item<double>(), update.SquaredNorm, 1e-2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Blocks_of_a_large_weight_stand_for_it(int seed)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);

        // Half of the rows do not move, as behind dead units, and columns differ by a factor of four.
        var moves = rand([1024, 1]).gt(0.5).to_type(ScalarType.Float32);
        var scale = linspace(0.5, 2, 1024);
        var weight = randn([1024, 1024]);
        var before = weight.clone();
        var sample = WeightSample.Take(weight, kept: null)!;
        weight.add_(randn([1024, 1024]) * moves * scale * 0.01);
        var update = sample.UpdateOf(weight, renew: false)!.Value;
        var expected = ((weight - before).norm() / before.norm()).item<float>();
        Assert.True(sample.Sampled < 20_000);
        Assert.Equal(1, update.Ratio / expected, 0.15);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_embedding_that_learns_in_few_rows_is_compared_whole(bool sparse)
    {
        var updates = new List<UpdateRecord>();
        using var model = nn.Sequential(("embed", nn.Embedding(2000, 64, sparse: sparse)), ("out", nn.Linear(64, 4)));
        using var optimizer = optim.SGD(model.parameters(), 0.1);
        using var monitor = GradientMonitor.Attach(model, new GradientMonitorOptions { SampleEvery = 1 });
        monitor.Recorded += record => updates.AddRange(record.Updates.Where(static update => update.Name == "embed.weight"));
        var expected = new List<double>();
        var tokens = tensor(new long[] { 3, 1234, 1999 });
        for (var step = 0; step < 4; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = model.call(tokens).square().mean();
            loss.backward();
            monitor.Observe(loss);
            var before = model.get_parameter("embed.weight")!.detach().clone();
            optimizer.step();
            expected.Add((model.get_parameter("embed.weight")!.detach() - before).norm().item<float>());
        }

        Assert.Equal(3, updates.Count);
        Assert.All(updates.Zip(expected), static pair => Assert.Equal(1, pair.First.Norm / pair.Second, 1e-4));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(512)]
    public void Renewed_on_the_way_the_next_update_is_told_from_there(int width)
    {
        using var scope = NewDisposeScope();
        var weight = ones([64, width]);
        var sample = WeightSample.Take(weight, kept: null)!;
        weight.mul_(3);
        var first = sample.UpdateOf(weight, renew: true)!.Value;
        Assert.Equal(3, sample.Statistics().Mean);
        weight.mul_(2);
        var second = sample.UpdateOf(weight, renew: false)!.Value;
        Assert.Equal(2, first.Ratio, 1e-6);
        Assert.Equal(1, second.Ratio, 1e-6);
        Assert.Equal(3, sample.Statistics().Mean);
    }

    [Fact]
    public void Its_memory_is_used_again_for_the_same_weight_and_for_no_other()
    {
        using var scope = NewDisposeScope();
        var weight = ones([512, 512]);
        var first = WeightSample.Take(weight, kept: null)!;
        Assert.Same(first, WeightSample.Take(weight, first));
        Assert.NotSame(first, WeightSample.Take(ones([512, 511]), first));
        Assert.NotSame(first, WeightSample.Take(weight.to_type(ScalarType.Float64), first));
    }

    [Fact]
    public void What_is_another_tensor_now_has_no_update()
    {
        using var scope = NewDisposeScope();
        var sample = WeightSample.Take(ones([64, 64]), kept: null)!;
        Assert.Null(sample.UpdateOf(ones([64, 65]), renew: false));
        Assert.Null(sample.UpdateOf(ones([64, 64], ScalarType.Float64), renew: true));
        Assert.Null(sample.UpdateOf(ones([64, 64]).to_type(ScalarType.BFloat16), renew: false));
    }

    [Fact]
    public void What_cannot_be_read_in_place_is_left_to_torch()
    {
        using var scope = NewDisposeScope();
        Assert.Null(WeightSample.Take(ones([64, 64]).to_type(ScalarType.Float16), kept: null));
        Assert.Null(WeightSample.Take(ones([64, 32]).t(), kept: null));
        Assert.Null(WeightSample.Take(ones([4, 4], ScalarType.Int32), kept: null));
        Assert.Null(WeightSample.Take(zeros([0, 4]), kept: null));
    }

    [Fact]
    public void Elements_that_are_not_finite_are_left_out()
    {
        using var scope = NewDisposeScope();
        var weight = ones([40, 30]);
        var sample = WeightSample.Take(weight, kept: null)!;
        weight[3, 4] = float.NaN;
        weight[5, 6] = 3;
        var update = sample.UpdateOf(weight, renew: false)!.Value;
        Assert.Equal((4.0, 1), (update.SquaredDistance, update.NonFinite));
    }
}
