using System.Text.Json;

namespace GradGuard.Monitor.Recording;

/// <summary>
/// A line of <c>records.jsonl</c>: a sampled step, with the losses of the steps since the line before. Figures, not the counts of every
/// unit; norms are Euclidean. Figures have the digits of float32, losses all of theirs. As in all of a run directory, what was not read is left out, and NaN and infinities are strings.
/// </summary>
/// <remarks>
/// Written by hand, as it takes of the time of every sampled step: a serializer wants documents built first, and its fast path has no NaN.
/// </remarks>
internal static class RecordLine
{
    private static readonly JsonEncodedText NaN = JsonEncodedText.Encode("NaN");
    private static readonly JsonEncodedText PositiveInfinity = JsonEncodedText.Encode("Infinity");
    private static readonly JsonEncodedText NegativeInfinity = JsonEncodedText.Encode("-Infinity");

    private static readonly JsonEncodedText Step = JsonEncodedText.Encode("step");
    private static readonly JsonEncodedText Losses = JsonEncodedText.Encode("losses");
    private static readonly JsonEncodedText Parameters = JsonEncodedText.Encode("parameters");
    private static readonly JsonEncodedText Updates = JsonEncodedText.Encode("updates");
    private static readonly JsonEncodedText Layers = JsonEncodedText.Encode("layers");
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText WeightNorm = JsonEncodedText.Encode("weightNorm");
    private static readonly JsonEncodedText GradientNorm = JsonEncodedText.Encode("gradientNorm");
    private static readonly JsonEncodedText NonFinite = JsonEncodedText.Encode("nonFinite");
    private static readonly JsonEncodedText Norm = JsonEncodedText.Encode("norm");
    private static readonly JsonEncodedText Ratio = JsonEncodedText.Encode("ratio");
    private static readonly JsonEncodedText Layer = JsonEncodedText.Encode("layer");
    private static readonly JsonEncodedText Source = JsonEncodedText.Encode("source");
    private static readonly JsonEncodedText Calls = JsonEncodedText.Encode("calls");
    private static readonly JsonEncodedText Mean = JsonEncodedText.Encode("mean");
    private static readonly JsonEncodedText Rms = JsonEncodedText.Encode("rms");
    private static readonly JsonEncodedText Min = JsonEncodedText.Encode("min");
    private static readonly JsonEncodedText Max = JsonEncodedText.Encode("max");
    private static readonly JsonEncodedText ZeroShare = JsonEncodedText.Encode("zeroShare");
    private static readonly JsonEncodedText SaturatedShare = JsonEncodedText.Encode("saturatedShare");
    private static readonly JsonEncodedText Units = JsonEncodedText.Encode("units");
    private static readonly JsonEncodedText InactiveUnits = JsonEncodedText.Encode("inactiveUnits");
    private static readonly JsonEncodedText TimeGradients = JsonEncodedText.Encode("timeGradients");

    /// <summary>Writes the object of a line.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="record">The step.</param>
    /// <param name="losses">Losses of the steps since the line before, this one's last.</param>
    /// <param name="waiting">Updates that were read since the line before at steps without one, with the step whose update each is.</param>
    public static void Write(Utf8JsonWriter json, StepRecord record, List<double?> losses, List<(UpdateRecord Update, long Step)> waiting)
    {
        json.WriteStartObject();
        json.WriteNumber(Step, record.Step);
        Each(json, Losses, losses, Element);
        Each(json, Parameters, record.Parameters, Parameter);
        json.WriteStartArray(Updates);
        foreach (var (update, step) in waiting)
            OneUpdate(json, update, step);
        for (var index = 0; index < record.Updates.Count; index++)
            OneUpdate(json, record.Updates[index], step: null);
        json.WriteEndArray();
        Each(json, Layers, record.Layers, Activation);
        json.WriteEndObject();
    }

    private static void Each<T>(Utf8JsonWriter json, JsonEncodedText name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);

        // By index: the enumerator of a list known by its interface is an object.
        for (var index = 0; index < items.Count; index++)
            write(json, items[index]);
        json.WriteEndArray();
    }

    private static void Parameter(Utf8JsonWriter json, ParameterRecord parameter)
    {
        json.WriteStartObject();
        json.WriteString(Name, parameter.Name);
        Figure(json, WeightNorm, parameter.Weight?.Norm);
        Figure(json, GradientNorm, parameter.Gradient?.Norm);
        json.WriteNumber(NonFinite, (parameter.Weight?.NonFinite ?? 0) + (parameter.Gradient?.NonFinite ?? 0));
        json.WriteEndObject();
    }

    /// <summary>An update is by the step before the line's, unless it names another.</summary>
    private static void OneUpdate(Utf8JsonWriter json, UpdateRecord update, long? step)
    {
        json.WriteStartObject();
        json.WriteString(Name, update.Name);
        Figure(json, Norm, update.Norm);
        Figure(json, Ratio, update.Ratio);
        if (step is { } number)
            json.WriteNumber(Step, number);
        json.WriteEndObject();
    }

    private static void Activation(Utf8JsonWriter json, LayerRecord layer)
    {
        json.WriteStartObject();
        json.WriteString(Layer, layer.Layer.Path);
        if (layer.Source is { } source)
            json.WriteString(Source, source.Path);
        json.WriteNumber(Calls, layer.Calls);
        if ((layer.Output ?? layer.ComputedInput) is { } values)
        {
            Figure(json, Mean, values.Mean);
            Figure(json, Rms, values.Rms);
            Figure(json, Min, values.Min);
            Figure(json, Max, values.Max);
            Figure(json, ZeroShare, values.ZeroShare);

            // NaN says here that no bounds were asked for.
            Figure(json, SaturatedShare, values.SaturatedShare >= 0 ? values.SaturatedShare : null);
            json.WriteNumber(NonFinite, values.NonFinite);
        }

        if (layer.Units is { } units)
        {
            json.WriteNumber(Units, units.Active.Length);
            json.WriteNumber(InactiveUnits, units.NeverActive);
        }

        Figure(json, GradientNorm, layer.Gradient?.Norm);
        if (layer.TimeGradients is { } times)
            Each(json, TimeGradients, times, FigureElement);
        json.WriteEndObject();
    }

    private static void Figure(Utf8JsonWriter json, JsonEncodedText name, double? figure)
    {
        if (figure is not { } value)
            return;
        if (IsFloat(value))
            json.WriteNumber(name, (float)value);
        else if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteString(name, Literal(value));
    }

    private static void FigureElement(Utf8JsonWriter json, double figure)
    {
        if (IsFloat(figure))
            json.WriteNumberValue((float)figure);
        else
            Element(json, figure);
    }

    /// <summary>True where float32 has all of its digits for a value: none that is subnormal there, nor beyond its range.</summary>
    private static bool IsFloat(double value) => float.IsNormal((float)value) || value == 0;

    private static void Element(Utf8JsonWriter json, double? element)
    {
        if (element is not { } value)
            json.WriteNullValue();
        else if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(Literal(value));
    }

    private static JsonEncodedText Literal(double value) => double.IsNaN(value) ? NaN : value > 0 ? PositiveInfinity : NegativeInfinity;
}
