using System.Text;
using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Tests.Recording;

/// <summary>The lines of <c>records.jsonl</c> are, byte for byte, those that a serializer gives for the same figures.</summary>
public sealed class RecordLineTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gradguard-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Where formats change over, and what JSON's numbers cannot say; each with its negative.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0.0)]
    [InlineData(1.0 / 3)]
    [InlineData(0.1f)]
    [InlineData(1e15)]
    [InlineData(1e16)]
    [InlineData(1e-5)]
    [InlineData(123456.75)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    public void AFigure(double value) => AssertSame([.. new[] { value, -value }.Select(static (figure, step) => new StepRecord
    {
        Step = step,
        Loss = figure,
        Depth = ReadingDepth.Everything,
        Parameters = [new("weight", "", 2, true, Figures(figure), Figures(figure))],
        Updates = [new("weight", "", 2, 4, figure, figure)],
        Layers = [Layer("fc1") with { Output = Figures(figure), Gradient = Figures(figure), TimeGradients = [figure, 1, figure] }],
    })]);

    [Fact]
    public void NamesThatJsonEscapes()
    {
        string[] names =
        [
            "", "blocks.0.attention.query", "\"quoted\" 'once' \\ / `", "<b>&amp;+</b>", "\0\t\n\r\u007f\u0085", "größe.重み.\u2028.\U0001F642",
            "half \ud83d of a pair",
        ];
        AssertSame(
            Between(0, 1) with { Updates = [.. names.Select(Update)] },
            Sampled(1) with
            {
                Parameters = [.. names.Select(static name => new ParameterRecord(name, name, 2, true, Figures(1), Figures(2)))],
                Updates = [.. names.Select(Update)],
                Layers = [.. names.Select(static name => Layer(name) with { Source = Description(name) })],
            });
    }

    [Fact]
    public void AStepWithoutAnyFigures() => AssertSame(new StepRecord { Step = 0, Depth = ReadingDepth.Everything });

    [Fact]
    public void ParametersWithoutWeightOrGradient() => AssertSame(
        Sampled(0) with
        {
            Parameters =
            [
                new("neither", "", 1, false, null, null),
                new("frozen", "", 1, false, Figures(1), null),
                new("gradient", "", 1, true, null, Figures(1) with { NonFinite = 3 }),
                new("both", "", 1, true, Figures(1) with { NonFinite = 2 }, Figures(1) with { NonFinite = 3 }),
            ],
        });

    [Fact]
    public void LayersOfWhichSomethingWasNotRead() => AssertSame(
        Sampled(0) with
        {
            Layers =
            [
                Layer("nothing"),
                Layer("output") with { Output = Figures(2), Source = Description("before"), Calls = 3 },
                Layer("input") with { ComputedInput = Figures(3), ComputedInputUnits = Activity(0, 1) },
                Layer("both") with { Output = Figures(2) with { NonFinite = 7 }, ComputedInput = Figures(3) },
                Layer("gradient") with { Gradient = Figures(4) },
                Layer("unbounded") with { Output = Figures(2) with { SaturatedShare = double.NaN } },
                Layer("never saturated") with { Output = Figures(2) with { SaturatedShare = 0 } },
                Layer("units") with { Output = Figures(2), Units = Activity(0, 5, 0, 1) },
                Layer("no units") with { Output = Figures(2), Units = Activity() },
            ],
        });

    [Fact]
    public void GradientsByTime() => AssertSame(
        Sampled(0) with
        {
            Layers =
            [
                Layer("none") with { TimeGradients = [] },
                Layer("one") with { TimeGradients = [0.25] },
                Layer("several") with { TimeGradients = [1e-30, 0, double.NaN, double.PositiveInfinity, 3] },
            ],
        });

    [Fact]
    public void LossesAndUpdatesOfTheStepsSinceTheLineBefore() => AssertSame(
        Sampled(0),
        Between(1, null) with { Updates = [Update("fc1.weight"), Update("fc1.bias") with { WeightNorm = 0 }] },
        Between(2, double.NaN),
        Between(3, double.NegativeInfinity) with { Updates = [Update("fc1.weight") with { Norm = double.NaN }] },
        Sampled(4) with { Updates = [Update("fc1.weight")] },
        Sampled(5),
        Between(6, 0.5));

    [Fact]
    public void WhatWaitsWhenTheRunCompletes() => AssertSame(
        Between(0, 1.5), Between(1, null) with { Updates = [Update("fc1.weight")] }, Between(2, 1.25));

    [Fact]
    public void ALineAfterALongerOne() => AssertSame(
        Sampled(0) with { Layers = [.. Enumerable.Range(0, 400).Select(static index => Layer($"layer{index}") with { Output = Figures(1.0 / index) })] },
        Sampled(1));

    [Fact]
    public void AllocatesNothing()
    {
        var record = Sampled(0) with
        {
            Parameters = [new("weight", "", 2, true, Figures(1), Figures(double.NaN))],
            Updates = [Update("weight")],
            Layers = [Layer("fc1") with { Output = Figures(2), Units = Activity(0, 5), TimeGradients = [1, 2] }],
        };
        var between = Between(1, 0.5) with { Updates = [Update("weight")] };
        using var log = RunLog.Start(Path.Combine(_root, "run"), RunDocuments.Header, long.MaxValue, static fault => Assert.Fail(fault.Message))!;
        AppendBoth();
        AppendBoth();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var line = 0; line < 100; line++)
            AppendBoth();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void AppendBoth()
        {
            log.Append(record);
            log.Append(between);
            log.Flush();
        }
    }

    private void AssertSame(params StepRecord[] records)
    {
        var directory = Path.Combine(_root, "run");
        using (var log = RunLog.Start(directory, RunDocuments.Header, long.MaxValue, static fault => Assert.Fail(fault.Message))!)
        {
            foreach (var record in records)
                log.Append(record);
            log.Complete(RunDocuments.Summary);
        }

        var written = File.ReadAllBytes(Path.Combine(directory, "records.jsonl"));
        Assert.Equal(Expected(records), Encoding.UTF8.GetString(written));
        Assert.Equal(Encoding.UTF8.GetBytes(Expected(records)), written);
    }

    private static string Expected(IEnumerable<StepRecord> records)
    {
        var (text, losses, waiting, last) = (new StringBuilder(), new List<double?>(), new List<UpdateDocument>(), 0L);
        foreach (var record in records)
        {
            losses.Add(record.Loss);
            last = record.Step;
            if (record.Sampled)
                End(record);
            else
                waiting.AddRange(record.Updates.Select(update => new UpdateDocument(update.Name, update.Norm, update.Ratio, record.Step - 1)));
        }

        if (losses.Count > 0)
            End(new StepRecord { Step = last });
        return text.ToString();

        void End(StepRecord record)
        {
            text.Append(RecordDocument.Line(record, losses, waiting));
            losses.Clear();
            waiting.Clear();
        }
    }

    private static StepRecord Sampled(long step) => new() { Step = step, Loss = 0.75, Depth = ReadingDepth.Everything };

    private static StepRecord Between(long step, double? loss) => new() { Step = step, Loss = loss };

    private static UpdateRecord Update(string name) => new(name, "fc1", 2, 4, 0.5, 2);

    private static LayerRecord Layer(string path) => new() { Layer = Description(path), Source = null, Calls = 1, IsFinal = false };

    private static LayerDescription Description(string path) => new() { Path = path, Type = "TorchSharp.Modules.Linear" };

    private static UnitActivity Activity(params int[] active) => new() { Positions = 8, Active = active, Beyond = [] };

    private static TensorFigures Figures(double value) => new()
    {
        Count = 4,
        NonFinite = 1,
        Mean = value,
        Rms = value,
        Norm = value,
        Min = value,
        Max = value,
        ZeroShare = value,
        SaturatedShare = value,
    };
}
