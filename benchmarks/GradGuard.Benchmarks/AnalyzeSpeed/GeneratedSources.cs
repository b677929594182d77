using GradGuard.Benchmarks.EditLatency;

namespace GradGuard.Benchmarks.AnalyzeSpeed;

/// <summary>Made-up sources that compile: models and trainers in files of varying length. Denser in models than what people write.</summary>
internal static class GeneratedSources
{
    private const int ShortestFile = 60;

    /// <summary>Public TorchSharp code has 256 lines a file on average.</summary>
    private const int LongestFile = 400;

    /// <summary>The files' texts.</summary>
    public static IEnumerable<string> Create(int files, int seed)
    {
        var random = new Random(seed);
        for (var number = 0; number < files; number++)
            yield return ModelFile.Create($"Generated{number}", random.Next(ShortestFile, LongestFile));
    }
}
