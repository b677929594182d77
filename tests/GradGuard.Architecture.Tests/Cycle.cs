namespace GradGuard.Architecture.Tests;

/// <summary>Finds a circle among arrows by depth-first search.</summary>
internal static class Cycle
{
    /// <summary>The nodes of one circle in order, or none.</summary>
    public static IReadOnlyList<string> In(IReadOnlyList<(string From, string To)> arrows)
    {
        var next = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        var done = new HashSet<string>();
        return arrows.Select(arrow => Visit(arrow.From, [])).FirstOrDefault(found => found.Count > 0) ?? [];

        IReadOnlyList<string> Visit(string node, List<string> path)
        {
            if (path.IndexOf(node) is var start and >= 0)
                return path[start..];
            if (done.Contains(node))
                return [];

            path.Add(node);
            var found = next[node].Select(used => Visit(used, path)).FirstOrDefault(cycle => cycle.Count > 0) ?? [];
            path.RemoveAt(path.Count - 1);
            done.Add(node);
            return found;
        }
    }
}
