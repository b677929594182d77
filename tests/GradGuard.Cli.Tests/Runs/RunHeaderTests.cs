using GradGuard.Cli.Runs;
using GradGuard.Cli.Tests.Running;

namespace GradGuard.Cli.Tests.Runs;

/// <summary>From the name in an alert or record to the line of the program.</summary>
public sealed class RunHeaderTests : IDisposable
{
    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fc1", 12)]
    [InlineData("act1", 13)]
    [InlineData("Net.forward:relu@42", 42)]
    [InlineData("encoder.forward:relu@42", 42)]
    [InlineData("encoder.Net.forward:relu@42", 42)]
    [InlineData("fc2", null)]
    [InlineData("", null)]
    [InlineData("fc3", null)]
    [InlineData("forward:relu@43", null)]
    public void ALayerLeadsToTheLineThatMadeIt(string layer, int? line)
    {
        var expected = line is { } known ? new SourceLine("Models/Net.cs", known) : null;
        Assert.Equal(expected, Header().SourceOf(layer));
    }

    [Fact]
    public void ACallThatTwoPlacesMayBe_LeadsNowhere()
    {
        var header = Header() with { Activations = [new("Net.forward:relu@42", "Net.cs", 42), new("Other.forward:relu@42", "Other.cs", 42)] };

        Assert.Null(header.SourceOf("encoder.forward:relu@42"));
        Assert.Equal(new("Other.cs", 42), header.SourceOf("Other.forward:relu@42"));
    }

    [Theory]
    [InlineData("fc1.weight", "fc1")]
    [InlineData("fc12.weight", "")]
    [InlineData("scale", "")]
    public void AParameterBelongsToTheLongestPathThatStartsItsName(string parameter, string layer) => Assert.Equal(layer, Header().LayerOf(parameter));

    private RunHeader Header()
    {
        new WrittenRun().WriteTo(_folder.In("run"));
        return RunDirectory.Open(_folder.In("run")).Header;
    }
}
