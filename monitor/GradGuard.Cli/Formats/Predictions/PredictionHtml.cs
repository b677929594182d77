using System.Net;
using GradGuard.Analyzers.Signal;
using GradGuard.Cli.Prediction;

namespace GradGuard.Cli.Formats.Predictions;

/// <summary>One page with everything in it: no scripts, no fonts, no pictures. All that comes from the sources is escaped.</summary>
internal sealed class PredictionHtml : IPredictionFormat
{
    private const string Head = $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        {{OwnOutput.PageMark}}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>Signal propagation at the start of training</title>
        <style>
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
        h2 { margin: 2rem 0 .25rem; font-size: 1.1rem; }
        .place, .notes { opacity: .75; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .25rem .75rem; border-bottom: 1px solid #8884; text-align: right; white-space: nowrap; }
        th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
        </style>
        </head>
        <body>
        <h1>Signal propagation at the start of training</h1>
        <p>Predicted in closed form from the sources: standard deviation of the pre-activations, share of saturated and of dead units behind them, and
        the RMS gradient at each layer relative to the next and to the last. “?” is not known, “-” does not apply.</p>
        """;

    public void Write(IReadOnlyList<ModelPrediction> predictions, TextWriter writer)
    {
        writer.WriteLine(Head);
        foreach (var prediction in predictions)
            Write(prediction, writer);
        if (predictions.Count == 0)
            writer.WriteLine("<p>No model was found.</p>");
        writer.WriteLine("</body>\n</html>");
    }

    private static void Write(ModelPrediction prediction, TextWriter writer)
    {
        writer.WriteLine($"<h2>{Escape(prediction.Model)}</h2>");
        writer.WriteLine($"<p class=\"place\">{Escape(prediction.Path)}:{prediction.Line}</p>");
        writer.WriteLine("<div class=\"scroll\"><table>");
        writer.WriteLine($"<thead>{Row("th scope=\"col\"", "th", PredictionTable.Columns)}</thead>");
        writer.WriteLine("<tbody>");
        foreach (var row in prediction.Table.Rows)
            writer.WriteLine(Row("td", "td", row.Cells()));
        writer.WriteLine("</tbody></table></div>");
        if (prediction.Table.Notes.Count > 0)
            writer.WriteLine($"<ul class=\"notes\">{string.Concat(prediction.Table.Notes.Select(note => $"<li>{Escape(note)}</li>"))}</ul>");
    }

    private static string Row(string open, string close, IEnumerable<string> cells) =>
        $"<tr>{string.Concat(cells.Select(cell => $"<{open}>{Escape(cell)}</{close}>"))}</tr>";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
