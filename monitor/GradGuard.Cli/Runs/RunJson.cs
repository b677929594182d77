using System.Text.Json.Serialization;

namespace GradGuard.Cli.Runs;

/// <summary>
/// JSON as a run directory holds it: camel case, <c>"NaN"</c> and infinities as strings. What the schema requires must be there; what it does not
/// know is left alone, so that a run of a later monitor with the same version can be read.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunHeader))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(RunAlert))]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class RunJson : JsonSerializerContext;
