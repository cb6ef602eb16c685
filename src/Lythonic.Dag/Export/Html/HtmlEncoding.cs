using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Lythonic.Dag.Export;

/// <summary>Text and numbers as HTML writes them.</summary>
internal static class HtmlEncoding
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>A text that is safe between tags and inside of quotes.</summary>
    public static string Escape(string? text) => Encoder.Encode(text ?? "");

    /// <summary>A number for an attribute.</summary>
    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
