using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Detection;

/// <summary>Which parameter is the bias of which layer. A reading lists both in the same places as the one before it: they are looked for once.</summary>
internal sealed class BiasPlaces
{
    private LayerDescription[] _layers = [];
    private string[] _parameters = [];
    private (int Layer, int Parameter)[] _places = [];

    /// <summary>Places of layers in a record, and of their biases, in the order of the layers; without layers that the record lists more than once.</summary>
    public ReadOnlySpan<(int Layer, int Parameter)> In(StepRecord record)
    {
        if (!IsAsBefore(record))
        {
            _layers = [.. record.Layers.Select(static layer => layer.Layer)];
            _parameters = [.. record.Parameters.Select(static parameter => parameter.Name)];
            _places = [.. Find()];
        }

        return _places;
    }

    private IEnumerable<(int Layer, int Parameter)> Find()
    {
        foreach (var layer in Enumerable.Range(0, _layers.Length).GroupBy(place => _layers[place].Path).Where(static places => places.Count() == 1))
        {
            var bias = Array.IndexOf(_parameters, $"{layer.Key}.bias");
            if (bias >= 0)
                yield return (layer.First(), bias);
        }
    }

    private bool IsAsBefore(StepRecord record)
    {
        if (record.Layers.Count != _layers.Length || record.Parameters.Count != _parameters.Length)
            return false;
        for (var place = 0; place < _layers.Length; place++)
        {
            if (!ReferenceEquals(record.Layers[place].Layer, _layers[place]))
                return false;
        }

        for (var place = 0; place < _parameters.Length; place++)
        {
            if (record.Parameters[place].Name != _parameters[place])
                return false;
        }

        return true;
    }
}
