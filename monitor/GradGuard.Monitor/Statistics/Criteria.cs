using System.Numerics;

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
