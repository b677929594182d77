using System.Diagnostics;
using GradGuard.Benchmarks.AnalyzeSpeed;
using GradGuard.Benchmarks.Collector;
using GradGuard.Benchmarks.Comparison;
using GradGuard.Benchmarks.Convolution;
using GradGuard.Benchmarks.Detection;
using GradGuard.Benchmarks.EditLatency;
using GradGuard.Benchmarks.Identity;
using GradGuard.Benchmarks.Instrumentation;
using GradGuard.Benchmarks.LongRun;
using GradGuard.Benchmarks.Prediction;
using GradGuard.Benchmarks.Statistics;
using GradGuard.Benchmarks.StepTime;
using GradGuard.Benchmarks.WatchCost;

const string Usage = """
    usage: dotnet run -c Release --project benchmarks/GradGuard.Benchmarks -- BENCHMARK [OPTIONS]

      analyze-speed [OPTIONS]       analysis of a large project beside other analyzers on the same code, generated or copied from a folder, in
                                    processor time beyond a build without any (the compiler's own count also runs while other programs do):
                                    --files N (1500), --sources FOLDER, --seed N, --rounds N, and for a project of which only a share uses
                                    TorchSharp: --ordinary FOLDER, --torch SHARE (0.05)
      detection [OPTIONS]           what the monitor finds in faulty programs, and says of healthy ones, beside published rules:
                                    --only NAME, --set calibration|report, --seeds N, --seed N, --limit N, --sample-every N, --details
      compare [SEEDS]               how often 'gradguard compare' is right on the samples, each trained from SEEDS seeds (4)
      identity [STEPS]              whether training ends at the same bits with the monitor and without it, on the programs of
                                    detection and of step-time, STEPS (25) steps each; exit code 1 on a difference
      long-run [STEPS]              whether tensors, heap and resident memory grow over 100,000 steps, with and without alerts
      generator [FILES]             time of the source generator on a project of FILES files (1000), new and after an edit
      instrumentation [ROUNDS]      step time of a program built with instrumentation and not watched, beside one built without
      predict [OPTIONS]             the predicted start of training beside TorchSharp's, on random models:
                                    --family NAME, --models N of each family, --seed N
      signal                        time of one pass of that prediction over models of twenty layers
      statistics                    throughput of the statistics kernels beside a plain sum and torch's own operations
      edit-latency [EDITS]          time from an edit of a 500-line file to the analyzers' findings, beside the compiler's own share
      collector [SECONDS]           how often a plain Adam loop fails with .NET's background collector and without it
      convolution [RUNS]            how often a plain CNN's gradient is NaN under a finite loss, with and without oneDNN's AVX-512 code
      step-time [MODEL [SECONDS [WAYS]]]
                                    step time with the monitor off, on and written by hand; MODEL is a part of a name, SECONDS (40) for each,
                                    WAYS of watching to compare, all unless given: Default,EveryStep,ReadOnce,HandWritten,ThoroughlyHandWritten
      step-cpu [MODEL [SECONDS [WAYS]]]
                                    the same in processor time and with one torch thread, for a machine that others use
      watch-cost [MODEL [ROUNDS]]   what the monitor adds to a step that it reads, traces or leaves, in microseconds of processor time, bytes and
                                    page faults, on very small models and, by a part of their name, on those of step-time
    """;

switch (args)
{
    case ["analyze-speed", .. var options] when AnalyzeSpeedOptions.Parse(options) is { } speed:
        return AnalyzeSpeedBenchmark.Run(speed, Console.Out, Console.Error) ? 0 : 1;
    case ["detection", .. var options] when DetectionOptions.Parse(options) is { } detection:
        new DetectionBenchmark(detection, Console.Error).Run(Console.Out);
        return 0;
    case ["compare", .. { Length: <= 1 } rest] when CountOf(rest, otherwise: 4) is >= 3 and var seeds:
        using (var comparison = new ComparisonBenchmark(seeds, Console.Error))
            comparison.Run(Console.Out);
        return 0;
    case ["identity", .. { Length: <= 1 } rest] when CountOf(rest, otherwise: 25) is { } steps:
        return IdentityBenchmark.Run(Console.Out, Console.Error, steps) ? 0 : 1;
    case ["long-run", .. { Length: <= 1 } rest] when LongRunBenchmark.StepsOf(rest) is { } steps:
        return LongRunBenchmark.Run(Console.Out, steps) ? 0 : 1;
    case ["generator", .. { Length: <= 1 } rest] when CountOf(rest, otherwise: 1000) is { } files:
        GeneratorTime.Run(Console.Out, files);
        return 0;
    case ["instrumentation", .. { Length: <= 1 } rest] when CountOf(rest, otherwise: 25) is { } rounds:
        TorchSharp.torch.set_num_threads(1);
        new InterceptedStepTime(ProcessorSeconds).Run(Console.Out, rounds);
        return 0;
    case ["predict", .. var options] when PredictionOptions.TryParse(options, out var prediction):
        PredictionAccuracy.Run(prediction, Console.Out);
        return 0;
    case ["signal"]:
        SignalTime.Run(Console.Out);
        return 0;
    case ["statistics"]:
        KernelThroughput.Run(Console.Out);
        return 0;
    case ["edit-latency"]:
        return await EditLatencyBenchmark.RunAsync(Console.Out, edits: 100);
    case ["edit-latency", var count] when int.TryParse(count, out var edits) && edits > 0:
        return await EditLatencyBenchmark.RunAsync(Console.Out, edits);
    case ["collector", .. { Length: <= 1 } rest] when CountOf(rest, otherwise: 40) is { } seconds:
        CollectorRace.Run(Console.Out, seconds);
        return 0;
    case ["collector", var seconds, "in-this-process"]:
        CollectorRace.Train(Console.Out, int.Parse(seconds));
        return 0;
    case ["convolution", .. { Length: <= 1 } rest] when CountOf(rest, otherwise: 30) is { } runs:
        ConvolutionGradients.Run(Console.Out, runs);
        return 0;
    case ["convolution", var runs, var channels]:
        ConvolutionGradients.Train(Console.Out, int.Parse(channels), int.Parse(runs));
        return 0;
    case ["step-time" or "step-cpu", .. { Length: 3 } rest, "in-this-process"] when StepTimeOptions.Parse(rest) is { } part:
        LimitThreads();
        Console.WriteLine(new StepTimeBenchmark(args[0] == "step-time" ? WallSeconds : ProcessorSeconds, part.Ways).Measure(part.Model, part.Seconds).Print());
        return 0;
    case ["step-time" or "step-cpu", .. var rest] when StepTimeOptions.Parse(rest) is { } steps:
        LimitThreads();
        StepTimeBenchmark.Run(args[0], Console.Out, steps);
        return 0;
    case ["watch-cost", .. { Length: <= 2 } rest] when RoundsOf(rest) is { } rounds:
        WatchCostBenchmark.Run(Console.Out, rest.FirstOrDefault() ?? "tiny", rounds);
        return 0;
    default:
        Console.Error.WriteLine(args.Length == 0 ? Usage : $"Not a benchmark: {string.Join(' ', args)}{Environment.NewLine}{Usage}");
        return 2;
}

// Processor time of several threads is no step's time.
void LimitThreads()
{
    if (args[0] == "step-cpu")
        TorchSharp.torch.set_num_threads(1);
}

static int? RoundsOf(string[] arguments)
    => arguments.Length < 2 ? 300 : int.TryParse(arguments[1], out var rounds) && rounds > 0 ? rounds : null;

static int? CountOf(string[] arguments, int otherwise)
    => arguments.Length == 0 ? otherwise : int.TryParse(arguments[0], out var count) && count > 0 ? count : null;

static double WallSeconds() => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

static double ProcessorSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;
