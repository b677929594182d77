using GradGuard.Monitor.Recording;
using GradGuard.Monitor.Statistics;

namespace GradGuard.Monitor.Capture;

/// <summary>Looks through everything held of a step for NaN and infinity, once something showed that there is some.</summary>
internal static class NonFiniteSearch
{
    /// <summary>Searches the step.</summary>
    /// <param name="forward">Its forward passes.</param>
    /// <param name="parameters">The model's parameters, before the step's update.</param>
    /// <param name="batch">An empty batch.</param>
    public static NonFiniteTrace Run(ForwardCapture forward, ParameterReader parameters, StatisticsBatch batch)
    {
        forward.Settle();
        var input = forward.Input is { } held ? batch.Add(held.Tensor, new StatisticsRequest()) : -1;
        var outputs = new List<(LayerSite Site, int Output, int Gradient)>();
        foreach (var site in forward.Sites)
        {
            foreach (var output in site.Calls.SelectMany(static call => call))
            {
                using var gradient = output.Gradient();
                outputs.Add((site, batch.Add(output.Tensor, new StatisticsRequest()),
                    gradient is null ? -1 : batch.Add(gradient, new StatisticsRequest())));
            }
        }

        var weights = new List<(string Name, int Weight, int Gradient)>();
        foreach (var (name, parameter) in parameters.Parameters())
        {
            using var gradient = parameter.grad;
            weights.Add((name, batch.Add(parameter, new StatisticsRequest()),
                gradient is null ? -1 : batch.Add(gradient, new StatisticsRequest())));
        }

        var statistics = batch.Complete();
        bool Bad(int index) => index >= 0 && statistics[index] is { IsEvaluated: true, NonFinite: > 0 };

        // Layers in the order of the forward pass, then those that no hook saw.
        var order = forward.Sites.Select(static site => site.Layer.Description.Path).Distinct().ToList();
        var badGradients = outputs.Where(read => Bad(read.Gradient)).Select(static read => read.Site.Layer.Description.Path)
            .Concat(weights.Where(read => Bad(read.Gradient)).Select(static read => ParameterReader.LayerOf(read.Name)))
            .Distinct()
            .OrderBy(path => order.IndexOf(path) is var at && at < 0 ? int.MaxValue : at);
        var last = forward.Sites.Where(static site => site.Layer.TellsGradient).MaxBy(static site => site.LastCall);
        return new NonFiniteTrace(
            [.. weights.Where(read => Bad(read.Weight)).Select(static read => read.Name)],
            Bad(input),
            [.. outputs.Where(read => Bad(read.Output)).Select(static read => read.Site.Layer.Description.Path).Distinct()],
            [.. badGradients],
            order.Count,
            outputs.Any(read => read.Site == last && Bad(read.Gradient)));
    }
}
