using GradGuard.SampleModels.Catalogue;
using static TorchSharp.torch;

namespace GradGuard.SampleModels.Tests.Catalogue;

public sealed class SampleCatalogueTests
{
    public static TheoryData<string> Names => [.. SampleCatalogue.All.Select(sample => sample.Name)];

    [Fact]
    public void Names_are_unique() =>
        Assert.Equal(SampleCatalogue.All.Count, SampleCatalogue.All.Select(sample => sample.Name).Distinct().Count());

    [Fact]
    public void Every_broken_sample_has_a_twin_and_every_twin_a_broken_sample()
    {
        var broken = SampleCatalogue.All.Where(sample => sample.Kind == SampleKind.Broken).Select(sample => sample.Name).ToArray();
        var twins = SampleCatalogue.All.Where(sample => sample.Kind == SampleKind.Fixed).Select(sample => sample.Name).ToArray();

        Assert.All(broken, name => Assert.Contains(twins, twin => twin.StartsWith($"{name}-", StringComparison.Ordinal)));
        Assert.All(twins, twin => Assert.Contains(broken, name => twin.StartsWith($"{name}-", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_broken_samples_are_expected_to_be_caught() =>
        Assert.All(SampleCatalogue.All, sample =>
            Assert.True(sample.Kind == SampleKind.Broken || (sample.Expected is null && sample.AtCompileTime.Count == 0)));

    [Fact]
    public void The_tour_shows_broken_samples_and_twins() =>
        Assert.Equal([SampleKind.Broken, SampleKind.Fixed], SampleCatalogue.Tour.Select(sample => sample.Kind).Distinct());

    [Theory]
    [MemberData(nameof(Names))]
    public void The_expected_layer_is_a_module_of_the_model(string name)
    {
        var sample = SampleCatalogue.Find(name)!;
        using var model = sample.Create();

        if (sample.Expected is { Layer: not "" } expected)
            Assert.Contains(expected.Layer, model.named_modules().Select(module => module.name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_parameter_of_a_model_is_registered_and_trained(string name)
    {
        var sample = SampleCatalogue.Find(name)!;
        using var scope = NewDisposeScope();
        using var model = sample.Create();
        using var data = sample.Task.Load(null, seed: 1);

        sample.Task.Loss(model.call(data.TrainInputs.narrow(0, 0, 8)), data.TrainTargets.narrow(0, 0, 8)).backward();

        Assert.All(model.named_parameters(), parameter => Assert.NotNull(parameter.parameter.grad));
    }
}
