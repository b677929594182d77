using System.Text.Json;
using System.Text.RegularExpressions;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>
/// Checks JSON against a JSON Schema (draft 2020-12) that keeps to the keywords below; another keyword is an error, since ignoring it
/// would pass what it forbids.
/// </summary>
internal sealed class JsonSchema(JsonElement root)
{
    /// <summary>Where and how an instance breaks the schema; empty when it keeps to it.</summary>
    public IReadOnlyList<string> Faults(JsonElement instance) => [.. Check(root, instance, "$")];

    private IEnumerable<string> Check(JsonElement schema, JsonElement instance, string path)
        => schema.EnumerateObject().SelectMany(keyword => Check(schema, keyword.Name, keyword.Value, instance, path));

    private IEnumerable<string> Check(JsonElement schema, string keyword, JsonElement argument, JsonElement instance, string path)
    {
        switch (keyword)
        {
            case "$schema" or "$defs" or "title" or "description":
                return [];
            case "$ref":
                return Check(Definition(argument.GetString()!), instance, path);
            case "anyOf":
                return argument.EnumerateArray().Any(option => !Check(option, instance, path).Any()) ? [] : [$"{path}: {instance} fits none of anyOf"];
            case "type":
                return HasType(instance, argument.GetString()!) ? [] : [$"{path}: {instance} is not of type {argument}"];
            case "enum":
                return argument.EnumerateArray().Any(value => JsonElement.DeepEquals(value, instance)) ? [] : [$"{path}: {instance} is not one of {argument}"];
            case "minimum":
                return instance.ValueKind != JsonValueKind.Number || instance.GetDouble() >= argument.GetDouble() ? [] : [$"{path}: {instance} < {argument}"];
            case "pattern":
                return instance.ValueKind != JsonValueKind.String || Regex.IsMatch(instance.GetString()!, argument.GetString()!)
                    ? [] : [$"{path}: {instance} does not match {argument}"];
            case "required":
                return instance.ValueKind != JsonValueKind.Object ? [] : argument.EnumerateArray()
                    .Where(name => !instance.TryGetProperty(name.GetString()!, out _)).Select(name => $"{path}: {name} is missing");
            case "items":
                return instance.ValueKind != JsonValueKind.Array ? [] : instance.EnumerateArray()
                    .SelectMany((item, index) => Check(argument, item, $"{path}[{index}]"));
            case "properties":
                return instance.ValueKind != JsonValueKind.Object ? [] : argument.EnumerateObject()
                    .SelectMany(property => instance.TryGetProperty(property.Name, out var value) ? Check(property.Value, value, $"{path}.{property.Name}") : []);
            case "additionalProperties":
                return instance.ValueKind != JsonValueKind.Object ? [] : Others(schema, instance)
                    .SelectMany(property => argument.ValueKind == JsonValueKind.False
                        ? [$"{path}: {property.Name} is not in the schema"]
                        : Check(argument, property.Value, $"{path}.{property.Name}"));
            default:
                throw new NotSupportedException($"The schema uses '{keyword}', which this check does not know.");
        }
    }

    private static IEnumerable<JsonProperty> Others(JsonElement schema, JsonElement instance)
        => instance.EnumerateObject().Where(property => !schema.TryGetProperty("properties", out var named) || !named.TryGetProperty(property.Name, out _));

    private JsonElement Definition(string reference)
        => reference.TrimStart('#', '/').Split('/').Aggregate(root, static (element, name) => element.GetProperty(name));

    private static bool HasType(JsonElement instance, string type) => type switch
    {
        "object" => instance.ValueKind == JsonValueKind.Object,
        "array" => instance.ValueKind == JsonValueKind.Array,
        "string" => instance.ValueKind == JsonValueKind.String,
        "null" => instance.ValueKind == JsonValueKind.Null,
        "number" => instance.ValueKind == JsonValueKind.Number,
        "integer" => instance.ValueKind == JsonValueKind.Number && instance.TryGetInt64(out _),
        _ => throw new NotSupportedException($"'{type}' is no type that this check knows."),
    };
}
