using GradGuard.Analyzers.Signal;

namespace GradGuard.Analyzers.Tests.Signal;

/// <summary>
/// Multilayer perceptrons in plain arrays, with random inputs and random gradients at their outputs: the ground truth of the tests. Every run draws new
/// weights; the statistics are over all runs.
/// </summary>
internal sealed class DenseNetwork(int width, int depth, Func<double, Dual> activation, Random random)
{
    private readonly double[] _squares = new double[depth];
    private readonly double[] _shared = new double[depth];
    private readonly double[] _gradients = new double[depth];
    private int _runs;

    public double PreActivationSquare(int layer) => _squares[layer] / _runs;

    /// <summary>E[z·z′] of one unit and two samples: mean over units of (mean over samples)², corrected for the finite number of samples.</summary>
    public double SharedSquare(int layer) => _shared[layer] / _runs;

    public double GradientSquare(int layer) => _gradients[layer] / _runs;

    public void Run(int samples, double weightMean, double weightStd, double biasStd)
    {
        var weights = Enumerable.Range(0, depth).Select(_ => Matrix(weightMean, weightStd)).ToArray();
        var biases = Enumerable.Range(0, depth).Select(_ => Vector(_ => biasStd * Normal())).ToArray();
        var (squares, sums) = (new double[depth], new double[depth, width]);
        for (var sample = 0; sample < samples; sample++)
        {
            var slopes = new double[depth][];
            var x = Vector(_ => Normal());
            for (var layer = 0; layer < depth; layer++)
            {
                var z = Vector(i => biases[layer][i] + Dot(weights[layer][i], x));
                for (var i = 0; i < width; i++)
                    sums[layer, i] += z[i];
                squares[layer] += Dot(z, z) / width / samples;
                slopes[layer] = Vector(i => activation(z[i]).Slope);
                x = Vector(i => activation(z[i]).Value);
            }

            var gradient = Vector(_ => Normal());
            for (var layer = depth - 1; layer >= 0; layer--)
            {
                var atPreActivation = Vector(i => gradient[i] * slopes[layer][i]);
                _gradients[layer] += Dot(atPreActivation, atPreActivation) / width / samples;
                gradient = Vector(j => Enumerable.Range(0, width).Sum(i => weights[layer][i][j] * atPreActivation[i]));
            }
        }

        for (var layer = 0; layer < depth; layer++)
        {
            var meanSquare = Enumerable.Range(0, width).Average(i => Math.Pow(sums[layer, i] / samples, 2));
            _squares[layer] += squares[layer];
            _shared[layer] += ((samples * meanSquare) - squares[layer]) / (samples - 1);
        }
        _runs++;
    }

    private static double Dot(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private double[] Vector(Func<int, double> entry)
    {
        var vector = new double[width];
        for (var i = 0; i < width; i++)
            vector[i] = entry(i);
        return vector;
    }

    private double[][] Matrix(double mean, double std) =>
        [.. Enumerable.Range(0, width).Select(_ => Vector(_ => mean + (std * Normal())))];
}
