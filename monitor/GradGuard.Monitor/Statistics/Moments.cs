using System.Numerics;

namespace GradGuard.Monitor.Statistics;

/// <summary>Running figures of a pass: sums over finite elements, counts of the others.</summary>
internal struct Moments
{
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
