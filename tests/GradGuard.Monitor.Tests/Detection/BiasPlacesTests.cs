using GradGuard.Monitor.Detection;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Tests.Detection;

/// <summary>The bias of a layer is found by its name, also after a reading that lists other things in other places.</summary>
public sealed class BiasPlacesTests
{
    private static readonly LayerDescription First = new() { Path = "first", Type = "Linear" };
    private static readonly LayerDescription Act = new() { Path = "act", Type = "ReLU" };
    private static readonly LayerDescription Last = new() { Path = "last", Type = "Linear" };

    [Fact]
    public void EachReadingGetsItsOwnPlaces()
    {
        var places = new BiasPlaces();
        string[] parameters = ["last.weight", "last.bias", "first.weight", "first.bias"];
        Assert.Equal([(0, 3), (2, 1)], places.In(Record([First, Act, Last], parameters)).ToArray());
        Assert.Equal([(0, 3), (2, 1)], places.In(Record([First, Act, Last], parameters)).ToArray());
        Assert.Equal([(1, 3)], places.In(Record([Act, First], parameters)).ToArray());
        Assert.Equal([(1, 0)], places.In(Record([Act, First], ["first.bias"])).ToArray());
    }

    [Fact]
    public void ALayerListedTwiceIsLeftOut()
        => Assert.Equal([(1, 1)], new BiasPlaces().In(Record([First, Last, First], ["first.bias", "last.bias"])).ToArray());

    private static StepRecord Record(LayerDescription[] layers, string[] parameters) => new()
    {
        Step = 0,
        Layers = [.. layers.Select(static layer => new LayerRecord { Layer = layer, Source = null, Calls = 1, IsFinal = false })],
        Parameters = [.. parameters.Select(static name => new ParameterRecord(name, "", 1, true, null, null))],
    };
}
