using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradGuard.Monitor.Statistics;

/// <summary>Running figures of a pass: sums over finite elements, counts of the others.</summary>
internal struct Moments
{
    /// <summary>
    /// Squares of a few thousand float32 that add up to less are summed in double: those too small for a float32 (1e-38) could be a part of it, and are less
    /// than a ten thousandth of more.
    /// </summary>
    public const double LeastSingleSquares = 1e-30;

    public double Sum;
    public double SumOfSquares;
    public double Min = double.PositiveInfinity;
    public double Max = double.NegativeInfinity;
    public long NaN;
    public long Infinite;
    public long Zeros;

    public Moments()
    {
    }

    /// <summary>
    /// True when float32 could not hold the squares: some overflowed, or all are so small that they lost their last bits (below
    /// 1e-12 the square of the largest leaves less than 14 decades to the smallest float32).
    /// </summary>
    public readonly bool NeedsWiderSums
    {
        get
        {
            var largest = Math.Max(Math.Abs(Min), Math.Abs(Max));
            return !double.IsFinite(SumOfSquares) || (largest is < 1e-12 and > 0);
        }
    }

    /// <summary>Takes in the figures of another part of the tensor.</summary>
    public void Merge(in Moments other)
    {
        Sum += other.Sum;
        SumOfSquares += other.SumOfSquares;
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        NaN += other.NaN;
        Infinite += other.Infinite;
        Zeros += other.Zeros;
    }

    /// <summary>Adds to the two sums, in double from the first step.</summary>
    /// <remarks>A converged run ends here with most of its gradients: whatever the type, four lanes take the elements in turn.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddWide<T>(ReadOnlySpan<T> elements)
        where T : unmanaged, INumberBase<T>
    {
        Vector256<double> sum = default, squares = default;
        var i = 0;
        if (typeof(T) == typeof(float))
        {
            for (; i <= elements.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                var (low, high) = Vector256.Widen(Vector256.Create(elements[i..]).AsSingle());
                sum += low;
                sum += high;
                squares += low * low;
                squares += high * high;
            }
        }

        for (; i <= elements.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var x = Vector256.Create(
                double.CreateTruncating(elements[i]),
                double.CreateTruncating(elements[i + 1]),
                double.CreateTruncating(elements[i + 2]),
                double.CreateTruncating(elements[i + 3]));
            sum += x;
            squares += x * x;
        }

        Sum += Vector256.Sum(sum);
        SumOfSquares += Vector256.Sum(squares);
        for (; i < elements.Length; i++)
        {
            var value = double.CreateTruncating(elements[i]);
            Sum += value;
            SumOfSquares += value * value;
        }
    }

    /// <summary>Adds elements one by one, keeping non-finite ones out of every figure but their count.</summary>
    /// <remarks>
    /// The vector kernels let a NaN or an infinity run into their sums, which costs nothing where there is none, and leave a part
    /// that turns out to hold one to this loop. Zeros are theirs: no such element compares equal to zero.
    /// </remarks>
    public void AddFiniteOnly<T>(ReadOnlySpan<T> elements)
        where T : unmanaged, INumberBase<T>
    {
        foreach (var element in elements)
        {
            var value = double.CreateTruncating(element);
            if (double.IsFinite(value))
            {
                Sum += value;
                SumOfSquares += value * value;
                Min = Math.Min(Min, value);
                Max = Math.Max(Max, value);
            }
            else if (double.IsNaN(value))
            {
                NaN++;
            }
            else
            {
                Infinite++;
            }
        }
    }
}
