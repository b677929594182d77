using System.Globalization;

namespace GradGuard.Analyzers.Graph.Building;

/// <summary>A value read as a plain C# one; null where it is not known or not of that sort.</summary>
internal static class ValueExtensions
{
    public static double? AsNumber(this Value value) => value switch
    {
        ConstantValue { Content: double or float or int or long or short or byte or sbyte or uint or ulong or ushort or decimal } constant =>
            Convert.ToDouble(constant.Content, CultureInfo.InvariantCulture),
        TensorValue { Node: TensorNode { IsParameter: false, Layer.Weight.Distribution: WeightDistribution.Constant constant } } => constant.Value,
        _ => null,
    };

    public static long? AsInteger(this Value value) => value switch
    {
        ConstantValue { Content: int or long or short or byte or sbyte or uint or ushort } constant =>
            Convert.ToInt64(constant.Content, CultureInfo.InvariantCulture),
        ConstantValue { Content: double number } when number == Math.Floor(number) && Math.Abs(number) < 1e15 => (long)number,
        ConstantValue { Content: float number } when number == Math.Floor(number) && Math.Abs(number) < 1e15 => (long)number,
        _ => null,
    };

    public static bool? AsTruth(this Value value) => value is ConstantValue { Content: bool truth } ? truth : null;

    public static string? AsText(this Value value) => value switch
    {
        ConstantValue { Content: string text } => text,
        ConstantValue { Content: IFormattable content } => content.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    public static bool IsNull(this Value value) => value is ConstantValue { Content: null };

    /// <summary>True for an argument other than null.</summary>
    public static bool IsGiven(this Value? value) => value is not null && !value.IsNull();

    /// <summary>True for a scalar, not for a constant tensor.</summary>
    public static bool IsPlainNumber(this Value value) => value is ConstantValue or IndexValue;

    /// <summary>The extents a kernel size, stride or shape argument gives: a number, a tuple or a list of numbers.</summary>
    public static IReadOnlyList<long?>? AsExtents(this Value value) => value switch
    {
        TupleValue tuple => [.. tuple.Items.Select(AsInteger)],
        ListValue { Content.Further: null } list => [.. list.Content.Items.Select(AsInteger)],
        ConstantValue { Content: not null } or UnknownValue or IndexValue => [value.AsInteger()],
        _ => null,
    };

    public static bool IsModule(this Value value) =>
        value is ModuleValue or ListValue { Container: not null } or InstanceValue || (value is ChoiceValue choice && choice.Alternatives.All(IsModule));
}
