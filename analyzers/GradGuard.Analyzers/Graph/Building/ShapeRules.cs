namespace GradGuard.Analyzers.Graph.Building;

/// <summary>How shapes pass through operations. A rule that lacks a fact answers with an unknown extent or rank.</summary>
internal static class ShapeRules
{
    public static TensorShape Of(IEnumerable<long?> extents) => TensorShape.Of([.. extents]);

    /// <summary>Broadcasting, aligned at the last dimension: an extent of 1 stretches.</summary>
    public static TensorShape Broadcast(TensorShape left, TensorShape right)
    {
        if (left.Rank is not { } leftRank || right.Rank is not { } rightRank)
            return TensorShape.EndingIn(left[-1] is > 1 and var last ? last : right[-1] is > 1 ? right[-1] : null);
        var rank = Math.Max(leftRank, rightRank);
        return Of(Enumerable.Range(1, rank).Reverse().Select(back => Stretch(back, left, leftRank, right, rightRank)));
    }

    /// <summary>The product of [… n, k] and [… k, m]; a vector counts as a matrix of one row or column.</summary>
    public static TensorShape Matmul(TensorShape left, TensorShape right)
    {
        if (left.Rank is not { } leftRank || right.Rank is not { } rightRank)
            return TensorShape.Unknown;
        if (rightRank == 1)
            return leftRank == 0 ? TensorShape.Unknown : Of(left.Extents!.Value.Take(leftRank - 1));
        if (leftRank == 1)
            return Of(right.Extents!.Value.Where((_, index) => index != rightRank - 2));
        var (longer, rank) = leftRank >= rightRank ? (left, leftRank) : (right, rightRank);
        return Of(longer.Extents!.Value.Take(rank - 2).Append(left[-2]).Append(right[-1]));
    }

    /// <summary>The contracted extent of a product: the last of the left, the last but one of the right (its only one for a vector).</summary>
    public static long? InnerWidth(TensorShape left, TensorShape right) =>
        left[-1] ?? (right.Rank is 1 ? right[0] : right[-2]);

    /// <summary>Spatial extent after a window: ⌊(n + 2p − d(k − 1) − 1)/s⌋ + 1.</summary>
    public static long? Window(long? extent, long? kernel, long? stride, long? padding, long? dilation) =>
        stride is 0 ? null : (extent + (2 * padding) - (dilation * (kernel - 1)) - 1) / stride + 1;

    /// <summary>[N, C, …] with the channels replaced and each spatial extent mapped.</summary>
    public static TensorShape Spatial(TensorShape input, long? channels, int dimensions, Func<int, long?, long?> map)
    {
        if (input.Rank is not { } rank || rank <= dimensions)
            return TensorShape.Unknown;
        var first = rank - dimensions;
        return Of(input.Extents!.Value.Select((extent, index) =>
            index >= first ? map(index - first, extent) : index == first - 1 ? channels ?? extent : extent));
    }

    /// <summary>The shape a <c>view</c> asks for: one −1 is filled in where every other extent is known.</summary>
    public static TensorShape View(TensorShape input, IReadOnlyList<long?> asked)
    {
        var shape = asked.ToList();
        var free = shape.IndexOf(-1);
        if (free < 0)
            return Of(shape);
        var others = shape.Where((_, index) => index != free).Aggregate((long?)1, (product, extent) => product * extent);
        var total = Total(input);
        shape[free] = others is > 0 ? total / others : null;
        return Of(shape);
    }

    public static TensorShape Flatten(TensorShape input, long? start, long? end)
    {
        if (input.Rank is not { } rank || start is null || end is null)
            return TensorShape.Unknown;
        var first = (int)(start < 0 ? start + rank : start);
        var last = (int)(end < 0 ? end + rank : end);
        if (first < 0 || last >= rank || first > last)
            return TensorShape.Unknown;
        var extents = input.Extents!.Value;
        var merged = extents.Skip(first).Take(last - first + 1).Aggregate((long?)1, (product, extent) => product * extent);
        return Of(extents.Take(first).Append(merged).Concat(extents.Skip(last + 1)));
    }

    public static TensorShape Swap(TensorShape input, long? first, long? second) =>
        first is null || second is null ? Forget(input) : input.With((int)first, input[(int)second]).With((int)second, input[(int)first]);

    public static TensorShape Permute(TensorShape input, IReadOnlyList<long?> order) =>
        input.Rank == order.Count && order.All(dimension => dimension is not null)
            ? Of(order.Select(dimension => input[(int)dimension!]))
            : TensorShape.Unknown;

    public static TensorShape Unsqueeze(TensorShape input, long? dimension)
    {
        if (input.Rank is not { } rank || dimension is null)
            return TensorShape.Unknown;
        var at = (int)(dimension < 0 ? dimension + rank + 1 : dimension);
        return at < 0 || at > rank ? TensorShape.Unknown : Of(input.Extents!.Value.Insert(at, 1));
    }

    /// <summary>One dimension less: a select, or a reduction that does not keep it.</summary>
    public static TensorShape Without(TensorShape input, long? dimension)
    {
        if (input.Rank is not { } rank || dimension is null)
            return TensorShape.Unknown;
        var at = (int)(dimension < 0 ? dimension + rank : dimension);
        return at < 0 || at >= rank ? TensorShape.Unknown : Of(input.Extents!.Value.RemoveAt(at));
    }

    /// <summary>The rank, and nothing else.</summary>
    public static TensorShape Forget(TensorShape input) =>
        input.Rank is { } rank ? Of(Enumerable.Repeat((long?)null, rank)) : TensorShape.Unknown;

    public static long? Total(TensorShape shape) =>
        shape.Extents is { } extents ? extents.Aggregate((long?)1, (product, extent) => product * extent) : null;

    private static long? Stretch(int back, TensorShape left, int leftRank, TensorShape right, int rightRank)
    {
        if (back > leftRank)
            return right[-back];
        if (back > rightRank)
            return left[-back];
        return (left[-back], right[-back]) switch
        {
            (1, var other) => other,
            (var other, 1) => other,
            var (a, b) => a ?? b,
        };
    }
}
