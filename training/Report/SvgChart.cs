using System.Globalization;
using System.Net;
using System.Text;

namespace ServerlessRec.Training.Report;

/// <summary>Two kinds of chart as SVG: a page with them needs nothing else, and no native library draws them.</summary>
internal static class SvgChart
{
    private const int Width = 640, Height = 260, Left = 60, Right = 20, Top = 16, Bottom = 44, BarHeight = 24, LabelWidth = 230;

    private static readonly string[] Colours = ["#2563eb", "#d97706", "#059669", "#7c3aed"];

    /// <summary>Horizontal bars, the longest scale that fits; with a whisker where an interval is given.</summary>
    public static string Bars(IReadOnlyList<(string Name, double Value, double Low, double High)> bars)
    {
        var most = Math.Max(bars.Count == 0 ? 0 : bars.Max(bar => Math.Max(bar.Value, bar.High)), 1e-9);
        var svg = Begin(Width, (bars.Count * BarHeight) + 8);
        double X(double value) => LabelWidth + (value / most * (Width - LabelWidth - 70));
        for (var place = 0; place < bars.Count; place++)
        {
            var (name, value, low, high) = bars[place];
            var y = (place * BarHeight) + 4;
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth - 6}\" y=\"{y + 15}\" text-anchor=\"end\">{WebUtility.HtmlEncode(name)}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{LabelWidth}\" y=\"{y + 2}\" width=\"{X(value) - LabelWidth:F1}\" height=\"{BarHeight - 8}\" fill=\"{(place == 0 ? Colours[0] : "#94a3b8")}\"/>");
            if (high > low)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(low):F1}\" x2=\"{X(high):F1}\" y1=\"{y + 10}\" y2=\"{y + 10}\" stroke=\"#111\"/>");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Math.Max(X(value), X(high)) + 6:F1}\" y=\"{y + 15}\">{value:F4}</text>");
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>Lines over a common axis.</summary>
    public static string Lines(string xName, string yName, IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> lines)
    {
        var points = lines.SelectMany(line => line.Points).ToList();
        if (points.Count == 0)
        {
            return "";
        }

        var (x0, x1) = Range(points.Select(point => point.X));
        var (y0, y1) = Range(points.Select(point => point.Y));
        double X(double x) => Left + ((x - x0) / (x1 - x0) * (Width - Left - Right));
        double Y(double y) => Height - Bottom - ((y - y0) / (y1 - y0) * (Height - Top - Bottom));
        var svg = Begin(Width, Height);
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {Top}V{Height - Bottom}H{Width - Right}\" fill=\"none\" stroke=\"#94a3b8\"/>");
        foreach (var (value, y) in new[] { (y0, Y(y0)), (y1, Y(y1)) })
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{value:0.####}</text>");
        }

        foreach (var x in points.Select(point => point.X).Distinct().Order())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(x):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{x:0.##}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(xName)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + 6}\" y=\"{Top + 4}\">{WebUtility.HtmlEncode(yName)}</text>");
        for (var place = 0; place < lines.Count; place++)
        {
            var colour = Colours[place % Colours.Length];
            var path = string.Join(' ', lines[place].Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):F1},{Y(point.Y):F1}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{Top + 4 + (place * 16)}\" text-anchor=\"end\" fill=\"{colour}\">{WebUtility.HtmlEncode(lines[place].Name)}</text>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static StringBuilder Begin(int width, int height) =>
        new(FormattableString.Invariant($"<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"12\">"));

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        var (low, high) = (values.Min(), values.Max());
        return high > low ? (low, high) : (low - 0.5, high + 0.5);
    }
}
