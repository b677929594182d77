using GradGuard.Cli.Analysis;

namespace GradGuard.Cli.Baselines;

/// <summary>
/// Findings that are accepted as they are today. A finding is known by its rule, the member that holds it and the code around it, not by its file
/// or line; where one member holds the same code several times, by how often.
/// </summary>
/// <param name="Entries">What is accepted, and how often.</param>
internal sealed record Baseline(IReadOnlyDictionary<BaselineKey, int> Entries)
{
    /// <summary>Accepts all of these.</summary>
    public static Baseline Of(IEnumerable<Finding> findings) =>
        new(findings.GroupBy(KeyOf).ToDictionary(same => same.Key, same => same.Count()));

    /// <summary>The findings that are not accepted; of several that look the same, those that come later in the order.</summary>
    public IReadOnlyList<Finding> New(IEnumerable<Finding> findings)
    {
        var left = new Dictionary<BaselineKey, int>(Entries);
        return [.. findings.Where(finding => !Take(KeyOf(finding)))];

        bool Take(BaselineKey key)
        {
            if (left.GetValueOrDefault(key) == 0)
                return false;
            left[key]--;
            return true;
        }
    }

    private static BaselineKey KeyOf(Finding finding) => new(finding.Id, finding.Symbol, finding.Context);
}

/// <summary>What makes two findings the same.</summary>
/// <param name="Rule">The rule's ID.</param>
/// <param name="Symbol">The member that holds it.</param>
/// <param name="Context">The code around it, normalised.</param>
internal readonly record struct BaselineKey(string Rule, string Symbol, string Context);
