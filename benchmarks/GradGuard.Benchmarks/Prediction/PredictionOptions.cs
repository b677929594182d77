namespace GradGuard.Benchmarks.Prediction;

/// <summary>What to compare: one family or all, how many random models of each, and the seed (a fresh one unless given).</summary>
internal sealed record PredictionOptions(string? Family, int Models, int Seed)
{
    public static bool TryParse(string[] arguments, out PredictionOptions options)
    {
        options = new(null, 200, Random.Shared.Next());
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length)
                return false;
            var value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--family" when ModelFamily.All.Any(family => family.Name == value):
                    options = options with { Family = value };
                    break;
                case "--models" when int.TryParse(value, out var models) && models > 0:
                    options = options with { Models = models };
                    break;
                case "--seed" when int.TryParse(value, out var seed):
                    options = options with { Seed = seed };
                    break;
                default:
                    return false;
            }
        }
        return true;
    }
}
