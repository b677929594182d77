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
        var code = await variants.CodeSeenAsync(variant);

        Assert.Equal(3, code.GetProperty("forwardCalls").GetInt32());
        Assert.Equal(3, code.GetProperty("activations").GetInt32());
        Assert.Equal(3, code.GetProperty("activationsSeen").GetInt32());
        Assert.Equal(0, code.GetProperty("hidden").GetArrayLength());
    }
}
