using Microsoft.CodeAnalysis;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>The evaluated arguments of a call by parameter name, defaults included, and their order.</summary>
internal sealed class ArgumentMap(IReadOnlyList<(IParameterSymbol Parameter, Value Value, bool IsDefault)> arguments)
{
    public static ArgumentMap Empty { get; } = new([]);

    public IReadOnlyList<(IParameterSymbol Parameter, Value Value, bool IsDefault)> All { get; } = arguments;

    /// <summary>The first argument that goes by one of the names, null where the method has no such parameter.</summary>
    public Value? this[params string[] names]
    {
        get
        {
            foreach (var (parameter, value, _) in All)
            {
                if (names.Contains(parameter.Name))
                    return value;
            }

            return null;
        }
    }

    public Value? At(int position) => position < All.Count ? All[position].Value : null;

    public bool IsLeftAtDefault(string name) => All.Any(argument => argument.IsDefault && argument.Parameter.Name == name);

    public long? Integer(params string[] names) => this[names]?.AsInteger();

    public double? Number(params string[] names) => this[names]?.AsNumber();

    public bool? Truth(params string[] names) => this[names]?.AsTruth();
}
