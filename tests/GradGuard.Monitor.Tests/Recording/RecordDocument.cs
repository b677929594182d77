using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GradGuard.Monitor.Recording;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>A line of <c>records.jsonl</c> as a serializer is told of it: what the line that is written by hand is held against.</summary>
internal sealed record RecordDocument(
    long Step, JsonNode? Losses, IReadOnlyList<ParameterDocument> Parameters, IReadOnlyList<UpdateDocument> Updates,
    IReadOnlyList<ActivationDocument> Layers)
{
    /// <summary>Those that a run directory's other files are written with, for types that the product does not know.</summary>
    private static readonly JsonSerializerOptions Exact = new(RunJson.Default.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private static readonly JsonSerializerOptions Figures = new(Exact) { Converters = { new FloatDigits() } };

    /// <summary>The line of a step, with its end.</summary>
    public static string Line(StepRecord record, IReadOnlyList<double?> losses, IReadOnlyList<UpdateDocument> waiting)
    {
        var document = new RecordDocument(
            record.Step,
            JsonSerializer.SerializeToNode(losses, Exact),
            [.. record.Parameters.Select(static parameter => new ParameterDocument(
                parameter.Name, parameter.Weight?.Norm, parameter.Gradient?.Norm,
                (parameter.Weight?.NonFinite ?? 0) + (parameter.Gradient?.NonFinite ?? 0)))],
            [.. waiting, .. record.Updates.Select(static update => new UpdateDocument(update.Name, update.Norm, update.Ratio))],
            [.. record.Layers.Select(Activation)]);
        return JsonSerializer.Serialize(document, Figures) + "\n";
    }

    private static ActivationDocument Activation(LayerRecord layer)
    {
        var values = layer.Output ?? layer.ComputedInput;
        return new ActivationDocument(
            layer.Layer.Path, layer.Source?.Path, layer.Calls, values?.Mean, values?.Rms, values?.Min, values?.Max, values?.ZeroShare,
            values is { SaturatedShare: >= 0 } ? values.SaturatedShare : null, values?.NonFinite, layer.Units?.Active.Length,
            layer.Units?.NeverActive, layer.Gradient?.Norm, layer.TimeGradients);
    }
}

/// <summary>Figures in the digits of float32, but those that it does not hold.</summary>
internal sealed class FloatDigits : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        else if (Math.Abs(value) is 0 or (>= 1.17549435e-38 and <= float.MaxValue))
            writer.WriteNumberValue((float)value);
        else
            writer.WriteNumberValue(value);
    }
}

/// <summary>A parameter at a sampled step.</summary>
internal sealed record ParameterDocument(string Name, double? WeightNorm, double? GradientNorm, long NonFinite);

/// <summary>The update of a parameter by the step before the line's, unless it names another.</summary>
internal sealed record UpdateDocument(string Name, double Norm, double Ratio, long? Step = null);

/// <summary>The output of a layer at a sampled step.</summary>
internal sealed record ActivationDocument(
    string Layer, string? Source, int Calls, double? Mean, double? Rms, double? Min, double? Max, double? ZeroShare,
    double? SaturatedShare, long? NonFinite, int? Units, int? InactiveUnits, double? GradientNorm, IReadOnlyList<double>? TimeGradients);
