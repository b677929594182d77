using System.Collections.Immutable;

namespace GradGuard.Analyzers.Graph;

/// <summary>
/// What is known of a tensor's shape: the rank and each extent may be known or not. The first dimension is the batch in most models;
/// nothing here assumes it.
/// </summary>
internal sealed class TensorShape
{
    private readonly long? _last;

    private TensorShape(ImmutableArray<long?>? extents, long? last = null) => (Extents, _last) = (extents, last);

    /// <summary>Nothing is known, not even the rank.</summary>
    public static TensorShape Unknown { get; } = new(null);

    /// <summary>The extents in order, or null where the rank is unknown. A null element is an extent that is not known.</summary>
    public ImmutableArray<long?>? Extents { get; }

    public int? Rank => Extents?.Length;

    /// <summary>A shape of known rank.</summary>
    public static TensorShape Of(params long?[] extents) => new(ImmutableArray.Create(extents));

    /// <summary>A shape of unknown rank whose last extent is known: what a Linear makes of any input.</summary>
    public static TensorShape EndingIn(long? last) => last is null ? Unknown : new(null, last);

    /// <summary>The extent at <paramref name="dimension"/> (negative counts from the end), or null where it is not known.</summary>
    public long? this[int dimension]
    {
        get
        {
            if (Extents is not { } extents)
                return dimension == -1 ? _last : null;
            var index = dimension < 0 ? dimension + extents.Length : dimension;
            return index >= 0 && index < extents.Length ? extents[index] : null;
        }
    }

    /// <summary>This shape with one extent replaced. Of unknown rank only the last one is kept, where it is the one replaced.</summary>
    public TensorShape With(int dimension, long? extent)
    {
        if (Extents is not { } extents)
            return dimension == -1 ? EndingIn(extent) : Unknown;
        var index = dimension < 0 ? dimension + extents.Length : dimension;
        return index >= 0 && index < extents.Length ? new(extents.SetItem(index, extent)) : Unknown;
    }

    public override string ToString() =>
        Extents is { } extents ? $"[{string.Join(", ", extents.Select(e => e?.ToString() ?? "?"))}]" : _last is { } last ? $"[…, {last}]" : "[…]";
}
