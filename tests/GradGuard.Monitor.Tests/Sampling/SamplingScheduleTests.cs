using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Sampling;

namespace GradGuard.Monitor.Tests.Sampling;

public sealed class SamplingScheduleTests
{
    /// <summary>Step by which the start is paid for.</summary>
    private const int Paid = 10_000;

    [Theory]
    [InlineData(0.02, 0.010, 0.005)]
    [InlineData(0.02, 0.010, 0.050)]
    [InlineData(0.10, 0.001, 0.002)]
    public void KeepsTheBudgetOverALongRun(double budget, double training, double reading)
    {
        var schedule = new SamplingSchedule(budget, fixedInterval: null);
        var idle = budget * training / 20;
        double own = 0, whole = 0;
        var read = 0;
        for (var step = 0; step < 50_000; step++)
        {
            var depth = schedule.DepthOf(step);
            var sampled = depth != ReadingDepth.Nothing;
            var cost = sampled ? reading : idle;
            read += sampled ? 1 : 0;
            own += cost;
            whole += training;
            schedule.StepEnded(step, depth, cost, training);
        }

        Assert.InRange(own / whole, 0, budget * 1.05);
        Assert.True(read > 100, $"{read} steps read");
    }

    [Fact]
    public void ReadsTheFirstStepsAndThenNeverLooksAwayForLong()
    {
        var schedule = new SamplingSchedule(0.02, fixedInterval: null);
        var last = -1;
        for (var step = 0; step < 2000; step++)
        {
            var depth = schedule.DepthOf(step);
            var sampled = depth != ReadingDepth.Nothing;
            Assert.True(sampled || step >= SamplingSchedule.DenseSteps);
            Assert.True(step - last <= 2 + (step / 4), $"step {step}, last read {last}");
            last = sampled ? step : last;
            schedule.StepEnded(step, depth, sampled ? 1 : 0, 0.0001);
        }
    }

    [Fact]
    public void WhatAReadingDoesToTheStepAroundItIsPaidFromTheBudget()
    {
        const double Training = 0.010, Reading = 0.002, Disturbance = 0.003;
        var schedule = new SamplingSchedule(0.02, fixedInterval: null);
        var added = 0.0;
        for (var step = 0; step < 50_000; step++)
        {
            var depth = schedule.DepthOf(step);
            var sampled = depth != ReadingDepth.Nothing;
            added += sampled && step >= Paid ? Reading + Disturbance : 0;
            schedule.StepEnded(step, depth, sampled ? Reading : 0, sampled ? Training + Disturbance : Training);
        }

        Assert.InRange(added / ((50_000 - Paid) * Training), 0.0025, SamplingSchedule.ReadingShare * 0.02 * 1.05);
    }

    [Fact]
    public void TheStepsAfterAReadingArePaidFromTheBudgetToo()
    {
        const double Training = 0.010, Reading = 0.001, After = 0.001;
        var schedule = new SamplingSchedule(0.012, fixedInterval: null);
        var added = 0.0;
        var last = -100;
        for (var step = 0; step < 50_000; step++)
        {
            var depth = schedule.DepthOf(step);
            var sampled = depth != ReadingDepth.Nothing;
            last = sampled ? step : last;
            var after = !sampled && step - last <= ReadingCost.Aftermath ? After : 0;
            added += step >= Paid ? after + (sampled ? Reading : 0) : 0;
            schedule.StepEnded(step, depth, sampled ? Reading : 0, Training + after);
        }

        Assert.InRange(added / ((50_000 - Paid) * Training), 0.0015, SamplingSchedule.ReadingShare * 0.012 * 1.05);
    }

    [Fact]
    public void PausesBetweenStepsAreNoTrainingTimeToSpendAShareOf()
    {
        Assert.InRange(ReadingsAmong(pauseEvery: 40), 0.8 * ReadingsAmong(pauseEvery: null), 1.2 * ReadingsAmong(pauseEvery: null));

        static int ReadingsAmong(int? pauseEvery)
        {
            var schedule = new SamplingSchedule(0.02, fixedInterval: null);
            var read = 0;
            for (var step = 0; step < 10_000; step++)
            {
                var depth = schedule.DepthOf(step);
                var sampled = depth != ReadingDepth.Nothing;
                read += sampled ? 1 : 0;
                schedule.StepEnded(step, depth, sampled ? 0.003 : 0, step % pauseEvery == 0 ? 2 : 0.010);
            }

            return read;
        }
    }

    [Fact]
    public void StepsThatBecomeLongerBringReadingsCloserButNotCloserThanTheyTellSomethingNew()
    {
        var schedule = new SamplingSchedule(0.01, fixedInterval: null);
        var (early, late) = (0, 0);
        for (var step = 0; step < 8000; step++)
        {
            var depth = schedule.DepthOf(step);
            var read = depth == ReadingDepth.Nothing ? 0 : 1;
            early += step is >= 3000 and < 4000 ? read : 0;
            late += step >= 7000 ? read : 0;
            schedule.StepEnded(step, depth, read * 0.0015, step < 4000 ? 0.001 : 0.1);
        }

        Assert.InRange(early, 2, 9);
        Assert.Equal(1000 / SamplingSchedule.ShortestInterval, late, 2.0);
    }

    [Theory]
    [InlineData(0.012, 64)]
    [InlineData(0.12, 6)]
    [InlineData(0.9, 1)]
    public void WhoSetsALargerBudgetGetsCloserReadings(double budget, int interval)
    {
        var schedule = new SamplingSchedule(budget, fixedInterval: null);
        var read = 0;
        for (var step = 0; step < 3000; step++)
        {
            var depth = schedule.DepthOf(step);
            read += step >= 2000 && depth == ReadingDepth.Everything ? 1 : 0;
            schedule.StepEnded(step, depth, depth == ReadingDepth.Nothing ? 0 : 1e-6, 0.1);
        }

        Assert.InRange(read, 900 / interval, 1100 / interval);
    }

    [Fact]
    public void NormsAreReadOftenActivationsLessAndTheirGradientsLeast()
    {
        var schedule = new SamplingSchedule(0.012, fixedInterval: null);
        double own = 0;
        var counts = new ReadingCounts();
        for (var step = 0; step < 10_000; step++)
        {
            var depth = schedule.DepthOf(step);
            var cost = depth switch
            {
                ReadingDepth.Everything => 0.010,
                ReadingDepth.Activations => 0.005,
                ReadingDepth.Norms => 0.001,
                _ => 0,
            };
            if (step >= 1000)
                (counts, own) = (counts.With(depth), own + cost);
            schedule.StepEnded(step, depth, cost, 0.1);
        }

        Assert.Equal(2, (double)counts.Norms / counts.Everything, 0.2);
        Assert.Equal(1, (double)counts.Activations / counts.Everything, 0.2);
        Assert.InRange(own / (9_000 * 0.1), 0.001, SamplingSchedule.ReadingShare * 0.012 * 1.05);
    }

    [Fact]
    public void WhereNormsCostNearlyAsMuchEverythingIsRead()
    {
        var schedule = new SamplingSchedule(0.012, fixedInterval: null);
        var counts = new ReadingCounts();
        for (var step = 0; step < 3000; step++)
        {
            var depth = schedule.DepthOf(step);
            counts = counts.With(depth);
            schedule.StepEnded(step, depth, depth switch { ReadingDepth.Nothing => 0, ReadingDepth.Norms => 0.9e-3, _ => 1e-3 }, 0.01);
        }

        Assert.InRange(counts.Norms, 1, 3);
        Assert.True(counts.Everything > 50, $"{counts}");
    }

    [Fact]
    public void StepsThatDifferByMoreThanAReadingCostsDoNotDecideWhatIsRead()
    {
        // Norms take half of what everything takes, of steps that differ by ten times that.
        for (var seed = 0; seed < 20; seed++)
        {
            var schedule = new SamplingSchedule(0.012, fixedInterval: null);
            var random = new Random(seed);
            var counts = new ReadingCounts();
            for (var step = 0; step < 5000; step++)
            {
                var depth = schedule.DepthOf(step);
                if (step >= 1000)
                    counts = counts.With(depth);
                schedule.StepEnded(step, depth, depth switch { ReadingDepth.Nothing => 0, ReadingDepth.Norms => 0.5e-3, _ => 1e-3 }, 0.08 + (0.01 * random.NextDouble()));
            }

            Assert.Equal((0, 0), (counts.Norms, counts.Activations));
            Assert.InRange(counts.Everything, 10, (4000 / SamplingSchedule.ShortestInterval) + 2);
        }
    }

    [Fact]
    public void WhatATurnCostsBesideItsOwnCallsIsItsOwn()
    {
        // Norms disturb nothing; everything makes training half again as long.
        var schedule = new SamplingSchedule(0.012, fixedInterval: null);
        var added = 0.0;
        for (var step = 0; step < 20_000; step++)
        {
            var depth = schedule.DepthOf(step);
            var (own, disturbance) = depth switch
            {
                ReadingDepth.Everything => (0.001, 0.005),
                ReadingDepth.Nothing => (0, 0),
                _ => (0.0002, 0.0),
            };
            added += step >= 1000 ? own + disturbance : 0;
            schedule.StepEnded(step, depth, own, 0.01 + disturbance);
        }

        Assert.InRange(added / (19_000 * 0.01), 0.0015, SamplingSchedule.ReadingShare * 0.012 * 1.05);
    }

    [Fact]
    public void AFixedIntervalIsKeptWhateverItCosts()
    {
        var schedule = new SamplingSchedule(0.02, fixedInterval: 7);
        for (var step = 0; step < 100; step++)
        {
            Assert.Equal(step % 7 == 0 ? ReadingDepth.Everything : ReadingDepth.Nothing, schedule.DepthOf(step));
            schedule.StepEnded(step, schedule.DepthOf(step), 5, 0.001);
        }
    }

    [Fact]
    public void SuspicionReadsDenselyButNotForEver()
    {
        var schedule = new SamplingSchedule(0.02, fixedInterval: null);
        for (var step = 0; step < 100; step++)
            schedule.StepEnded(step, schedule.DepthOf(step), 1, 1);
        Assert.Equal(ReadingDepth.Nothing, schedule.DepthOf(101));
        schedule.Suspect(100);
        for (var step = 101; step <= 100 + SamplingSchedule.SuspicionSteps; step++)
        {
            Assert.Equal(ReadingDepth.Everything, schedule.DepthOf(step));
            schedule.StepEnded(step, ReadingDepth.Everything, 1, 1);
            schedule.Suspect(step);
        }

        Assert.Equal(ReadingDepth.Nothing, schedule.DepthOf(101 + SamplingSchedule.SuspicionSteps));
    }

    [Fact]
    public void ASignInTheFirstStepsIsReadUntilTheLongestWindowIsFull()
    {
        var schedule = new SamplingSchedule(0.02, fixedInterval: null);
        var read = 0;
        for (var step = 0; step < 22; step++)
        {
            read += schedule.DepthOf(step) == ReadingDepth.Everything ? 1 : 0;
            schedule.StepEnded(step, schedule.DepthOf(step), 1, 0.0001);
            schedule.Suspect(step);
        }

        Assert.True(read >= new DetectionThresholds().DeadUnitWindow, $"{read} steps read");
    }

    [Fact]
    public void TracingStopsWhereItEatsTheBudgetAndIsTriedAgain()
    {
        var schedule = new SamplingSchedule(0.02, fixedInterval: null);
        var traced = 0;
        for (var step = 0; step < 2000; step++)
        {
            var (depth, tracing) = (schedule.DepthOf(step), schedule.MayTrace);
            var sampled = depth != ReadingDepth.Nothing;
            traced += !sampled && tracing ? 1 : 0;
            schedule.StepEnded(step, depth, sampled ? 0.005 : tracing ? 0.001 : 0.000001, training: 0.01);
        }

        Assert.InRange(traced, 2, 100);
    }

    [Fact]
    public void WhatTheFirstTracedStepPaysTheCompilerIsNotHeldAgainstTracing()
    {
        var schedule = new SamplingSchedule(0.02, fixedInterval: null);
        var costs = new Queue<double>([0.005]);
        for (var step = 0; step < 200; step++)
        {
            var depth = schedule.DepthOf(step);
            Assert.True(schedule.MayTrace, $"step {step}");
            schedule.StepEnded(step, depth, depth != ReadingDepth.Nothing ? 0.005 : costs.TryDequeue(out var first) ? first : 0.00001, training: 0.01);
        }

        Assert.Empty(costs);
    }

    [Fact]
    public void TheMeterCountsTheFirstStepForNothing()
    {
        var clock = new HandClock();
        var meter = new OverheadMeter(clock);
        clock.Now = 500;
        Assert.Null(meter.EndStep());
        var start = meter.Now();
        clock.Now += 20;
        meter.Add(start);
        clock.Now += 80;
        var cost = meter.EndStep()!.Value;
        Assert.Equal((0.02, 0.08), (Math.Round(cost.Own, 6), Math.Round(cost.Training, 6)));
        Assert.Equal(TimeSpan.FromMilliseconds(20), meter.OwnTime);
        Assert.Equal(TimeSpan.FromMilliseconds(100), meter.RunTime);
    }
}
