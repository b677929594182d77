using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradGuard.Monitor.Statistics;

/// <summary>The comparisons of a request in the element type of a kernel.</summary>
internal readonly struct Criteria<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly T Lower;
    public readonly T Upper;
    public readonly T Threshold;

    /// <summary>Compare <c>|x|</c> with the threshold, not x.</summary>
    public readonly bool Magnitude;

    public Criteria(in StatisticsRequest request)
    {
        Lower = T.CreateTruncating(request.LowerBound ?? double.NegativeInfinity);
        Upper = T.CreateTruncating(request.UpperBound ?? double.PositiveInfinity);
        Threshold = T.CreateTruncating(request.ActivityThreshold);
        Magnitude = request.Activity == UnitActivityRule.MagnitudeAbove;
    }

    public bool IsBeyond(T element) => element < Lower || element > Upper;

    public bool IsActive(T element) => (Magnitude ? T.Abs(element) : element) > Threshold;
}

/// <summary>The same comparisons over vectors; each lane that meets one is -1 in the result, two int32 lanes for a float64.</summary>
internal readonly struct LaneCriteria<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector256<T> _lower;
    private readonly Vector256<T> _upper;
    private readonly Vector256<T> _threshold;
    private readonly Vector256<T> _sign;

    public LaneCriteria(in Criteria<T> criteria)
    {
        _lower = Vector256.Create(criteria.Lower);
        _upper = Vector256.Create(criteria.Upper);
        _threshold = Vector256.Create(criteria.Threshold);
        _sign = criteria.Magnitude ? Vector256.Create(T.NegativeZero) : Vector256<T>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Beyond(Vector256<T> x) => (Vector256.LessThan(x, _lower) | Vector256.GreaterThan(x, _upper)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Active(Vector256<T> x) => Vector256.GreaterThan(Vector256.AndNot(x, _sign), _threshold).AsInt32();
}

/// <summary>What a kernel counts besides the moments: a type, so that each combination is compiled without the others' code.</summary>
internal interface ICounting
{
    static abstract bool Bounds { get; }

    static abstract bool Activity { get; }
}

/// <summary>Moments only.</summary>
internal readonly struct CountNothing : ICounting
{
    public static bool Bounds => false;

    public static bool Activity => false;
}

/// <summary>Elements beyond the bounds.</summary>
internal readonly struct CountBounds : ICounting
{
    public static bool Bounds => true;

    public static bool Activity => false;
}

/// <summary>Active positions.</summary>
internal readonly struct CountActivity : ICounting
{
    public static bool Bounds => false;

    public static bool Activity => true;
}

/// <summary>Active positions and elements beyond the bounds.</summary>
internal readonly struct CountBoth : ICounting
{
    public static bool Bounds => true;

    public static bool Activity => true;
}
