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
        foreach (var site in forward.Sites.InOrder)
        {
            foreach (var output in site.Calls.SelectMany(static call => call))
            {
                using var gradient = output.Gradient() ?? output.ToldBy?.PooledGradient();
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
        var order = forward.Sites.InOrder.Select(static site => site.Layer.Description.Path).Distinct().ToList();
        var byOutput = outputs.Where(read => Bad(read.Gradient)).Select(static read => read.Site.Layer.Description.Path).ToHashSet();
        var bad = weights.Where(read => Bad(read.Gradient)).Select(static read => WatchedParameter.LayerOf(read.Name)).Concat(byOutput).ToHashSet();

        // A function with a bounded slope makes no NaN of a finite gradient: what the layer before it got had come through it. Where no gradient by an
        // output was kept, that by the layer's weights stands for it.
        var behind = outputs.Exists(static read => read.Gradient >= 0) ? byOutput : [.. bad];
        foreach (var site in forward.Sites.InOrder.Where(site => !KeptGradient(site) && site.Source is { } source && behind.Contains(source.Description.Path)))
            bad.Add(site.Layer.Description.Path);
        var last = forward.Sites.InOrder.MaxBy(static site => site.LastCall)?.Layer.Description.Path;
        return new NonFiniteTrace(
            [.. weights.Where(read => Bad(read.Weight)).Select(static read => read.Name)],
            Bad(input),
            [.. outputs.Where(read => Bad(read.Output)).Select(static read => read.Site.Layer.Description.Path).Distinct()],
            [.. bad.OrderBy(path => order.IndexOf(path) is var at && at < 0 ? int.MaxValue : at)],
            order.Count,
            last is not null && byOutput.Count > 0 && bad.Contains(last));
    }

    private static bool KeptGradient(LayerSite site)
        => site.Layer.TellsGradient || site.Calls.Exists(static call => Array.Exists(call, static output => output.RetainsGradient));
}
