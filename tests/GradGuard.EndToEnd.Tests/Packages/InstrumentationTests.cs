namespace GradGuard.EndToEnd.Tests.Packages;

/// <summary>Instrumentation as the package turns it on: what it writes compiles anywhere, and lets the monitor see everything.</summary>
[Collection<PackagesCollection>]
public class InstrumentationTests(InstrumentedVariants variants) : IClassFixture<InstrumentedVariants>
{
    [Fact]
    public void GeneratedCodeCompilesWithoutAWarningOfItsOwn()
    {
        Assert.True(variants.Build.ExitCode == 0, variants.Build.Output);
        Assert.All(BuildWarning.Read(variants.Build.Output), warning => Assert.Equal("Net.cs", warning.File));
    }

    [Theory]
    [MemberData(nameof(InstrumentedVariants.Names), MemberType = typeof(InstrumentedVariants))]
    public async Task TheRunSeesEveryForwardAndEveryActivation(string variant)
    {
        var code = (await variants.RunAsync(variant, "summary.json")).GetProperty("code");

        Assert.Equal(3, code.GetProperty("forwardCalls").GetInt32());
        Assert.Equal(3, code.GetProperty("activations").GetInt32());
        Assert.Equal(3, code.GetProperty("activationsSeen").GetInt32());
        Assert.Equal(0, code.GetProperty("hidden").GetArrayLength());
    }

    [Fact]
    public async Task TheStartOfTheRunStandsBesideItsPrediction()
    {
        var layers = (await variants.RunAsync("Release-disable-disable", "preflight.json")).GetProperty("layers").EnumerateArray().ToList();

        Assert.Equal(["fc1", "fc2", "fc3"], layers.Select(layer => layer.GetProperty("layer").GetString()));
        Assert.Equal(8, layers[0].GetProperty("predicted").GetProperty("preActivationStd").GetDouble(), 0.01);
        Assert.InRange(layers[0].GetProperty("preActivationStd").GetDouble(), 6, 10);
        Assert.Equal(
            layers[0].GetProperty("predicted").GetProperty("saturatedShare").GetDouble(), layers[0].GetProperty("saturatedShare").GetDouble(), 0.1);
    }

    /// <summary>An editor takes what it runs from a design-time build.</summary>
    [Theory]
    [InlineData("Configuration=Debug", true)]
    [InlineData("GradGuardPredict=true", true)]
    [InlineData("GradGuardPredict=false", false)]
    [InlineData("DesignTimeBuild=true", false)]
    public async Task ABuildPredicts_UnlessItIsAnEditorsOrToldNotTo(string property, bool predicts)
        => Assert.Equal(predicts, (await variants.FeaturesAsync(property)).Split(';').Contains("GradGuardPrediction"));
}
