using GradGuard.Monitor.Sampling;

namespace GradGuard.Monitor.Tests.Sampling;

public sealed class SamplingScheduleTests
{
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
            var sampled = schedule.IsSampled(step);
            var cost = sampled ? reading : idle;
            read += sampled ? 1 : 0;
            own += cost;
            whole += training;
            schedule.StepEnded(step, sampled, cost, training);
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
            var sampled = schedule.IsSampled(step);
            Assert.True(sampled || step >= SamplingSchedule.DenseSteps);
            Assert.True(step - last <= 2 + (step / 4), $"step {step}, last read {last}");
            last = sampled ? step : last;
            schedule.StepEnded(step, sampled, sampled ? 1 : 0, 0.0001);
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
            var sampled = schedule.IsSampled(step);
            added += sampled ? Reading + Disturbance : 0;
            schedule.StepEnded(step, sampled, sampled ? Reading : 0, sampled ? Training + Disturbance : Training);
        }

        Assert.InRange(added / (50_000 * Training), 0.01, 0.021);
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
                var sampled = schedule.IsSampled(step);
                read += sampled ? 1 : 0;
                schedule.StepEnded(step, sampled, sampled ? 0.003 : 0, step % pauseEvery == 0 ? 2 : 0.010);
            }

            return read;
        }
    }

    [Fact]
    public void StepsThatBecomeLongerBringReadingsCloser()
    {
        var schedule = new SamplingSchedule(0.02, fixedInterval: null);
        var read = 0;
        for (var step = 0; step < 4000; step++)
        {
            var sampled = schedule.IsSampled(step);
            read += sampled && step >= 3000 ? 1 : 0;
            schedule.StepEnded(step, sampled, sampled ? 0.0015 : 0, step < 2000 ? 0.001 : 0.1);
        }

        Assert.InRange(read, 900, 1000);
    }

    [Fact]
    public void AFixedIntervalIsKeptWhateverItCosts()
    {
        var schedule = new SamplingSchedule(0.02, fixedInterval: 7);
        for (var step = 0; step < 100; step++)
        {
            Assert.Equal(step % 7 == 0, schedule.IsSampled(step));
            schedule.StepEnded(step, step % 7 == 0, 5, 0.001);
        }
    }

    [Fact]
    public void SuspicionReadsDenselyButNotForEver()
    {
        var schedule = new SamplingSchedule(0.02, fixedInterval: null);
        for (var step = 0; step < 100; step++)
            schedule.StepEnded(step, schedule.IsSampled(step), 1, 1);
        Assert.False(schedule.IsSampled(101));
        schedule.Suspect(100);
        for (var step = 101; step <= 100 + SamplingSchedule.SuspicionSteps; step++)
        {
            Assert.True(schedule.IsSampled(step));
            schedule.StepEnded(step, sampled: true, 1, 1);
            schedule.Suspect(step);
        }

        Assert.False(schedule.IsSampled(101 + SamplingSchedule.SuspicionSteps));
    }

    [Fact]
    public void ASignInTheFirstStepsIsReadUntilTheLongestWindowIsFull()
    {
        var schedule = new SamplingSchedule(0.02, fixedInterval: null);
        var read = 0;
        for (var step = 0; step < 22; step++)
        {
            read += schedule.IsSampled(step) ? 1 : 0;
            schedule.StepEnded(step, schedule.IsSampled(step), 1, 0.0001);
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
            var (sampled, tracing) = (schedule.IsSampled(step), schedule.MayTrace);
            traced += !sampled && tracing ? 1 : 0;
            schedule.StepEnded(step, sampled, sampled ? 0.005 : tracing ? 0.001 : 0.000001, training: 0.01);
        }

        Assert.InRange(traced, 2, 100);
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
