using System.Diagnostics;
using System.Globalization;
using GradGuard.Analyzers.Graph;
using GradGuard.Analyzers.Signal;
using GradGuard.Analyzers.Torch;
using Microsoft.CodeAnalysis;

namespace GradGuard.Benchmarks.Prediction;

/// <summary>Time of one pass of the signal, forward and backward, over models of twenty layers: what the analyzers add to each edit of a model.</summary>
internal static class SignalTime
{
    private const int Layers = 20;

    private const int WarmUp = 200;

    private const int Passes = 1000;

    public static void Run(TextWriter output)
    {
        output.WriteLine($"{Environment.ProcessorCount} processors, {Passes} passes over models of {Layers} layers, after {WarmUp} to warm up");
        output.WriteLine($"{"model",-24} {"median",10} {"upper quartile",15}");
        Measure("mlp, tanh", Dense(ActivationKind.Tanh, null), output);
        Measure("mlp, relu, layer norm", Dense(ActivationKind.Relu, NormalizationKind.Layer), output);
        Measure("cnn, relu, batch norm", Image(), output);
        Measure("mlp, gelu, dropout", Chain(256, i => [new ActivationBlock(ActivationKind.Gelu), new DropoutBlock(0.1)]), output);
    }

    private static void Measure(string name, RandomModel model, TextWriter output)
    {
        var times = new double[Passes];
        for (var pass = -WarmUp; pass < Passes; pass++)
        {
            // A graph of its own for each pass: nothing is kept from the one before.
            var graph = GraphOf(model);
            var start = Stopwatch.GetTimestamp();
            SignalReport.Compute(graph);
            if (pass >= 0)
                times[pass] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        var quartiles = Quartiles.Of(times);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} {quartiles.Median,7:F3} ms {quartiles.Upper,12:F3} ms"));
    }

    private static ModelGraph GraphOf(RandomModel model)
    {
        var graph = new GraphRecorder();
        var input = graph.Add(new InputNode("x", Location.None) { Shape = TensorShape.Of([.. model.InputShape.Select(extent => (long?)extent)]) });
        return graph.Graph(model.Body.Describe(graph, input));
    }

    private static RandomModel Dense(ActivationKind activation, NormalizationKind? norm) => Chain(256, i => norm is { } kind
        ? [new NormalizationBlock(kind, 256, 1), new ActivationBlock(activation)]
        : [new ActivationBlock(activation)]);

    private static RandomModel Chain(long width, Func<int, Block[]> between) => new(
        new Chain([.. Enumerable.Range(0, Layers).SelectMany(i => (Block[])[new LinearBlock(width, width, WeightLaw.Default), .. i < Layers - 1 ? between(i) : []])]),
        [64, width]);

    private static RandomModel Image() => new(
        new Chain([.. Enumerable.Range(0, Layers).SelectMany(i => (Block[])
        [
            new ConvolutionBlock(i == 0 ? 3 : 64, 64, 3, 1, WeightLaw.Default),
            new NormalizationBlock(NormalizationKind.Batch, 64, 1),
            new ActivationBlock(ActivationKind.Relu),
        ])]),
        [16, 3, 32, 32]);
}
