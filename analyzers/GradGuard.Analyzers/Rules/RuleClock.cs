using System.Collections.Concurrent;
using System.Diagnostics;

namespace GradGuard.Analyzers.Rules;

/// <summary>Adds up the time that each rule takes, over all threads. What rules share, such as a model's signal, counts for the first that asks.</summary>
internal sealed class RuleClock
{
    private readonly ConcurrentDictionary<string, long> _ticks = new();

    /// <summary>Time taken so far, by a rule's ID.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Times =>
        _ticks.ToDictionary(entry => entry.Key, entry => TimeSpan.FromSeconds(entry.Value / (double)Stopwatch.Frequency));

    /// <summary>Counts for <paramref name="rule"/> until what it returns is disposed.</summary>
    public IDisposable Start(Rule rule) => new Run(this, rule.Descriptors[0].Id);

    private sealed class Run(RuleClock clock, string id) : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public void Dispose()
        {
            var taken = Stopwatch.GetTimestamp() - _start;
            clock._ticks.AddOrUpdate(id, taken, (_, sum) => sum + taken);
        }
    }
}
