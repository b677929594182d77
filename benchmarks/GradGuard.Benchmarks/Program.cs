using GradGuard.Benchmarks.Statistics;

const string Usage = """
    usage: dotnet run -c Release --project benchmarks/GradGuard.Benchmarks -- BENCHMARK

      statistics   throughput of the statistics kernels beside a plain sum and torch's own operations
    """;

if (args is not [var name])
{
    Console.Error.WriteLine(Usage);
    return 2;
}

switch (name)
{
    case "statistics":
        KernelThroughput.Run(Console.Out);
        return 0;
    default:
        Console.Error.WriteLine($"Unknown benchmark '{name}'.{Environment.NewLine}{Usage}");
        return 2;
}
