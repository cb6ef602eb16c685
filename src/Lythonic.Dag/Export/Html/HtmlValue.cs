using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Export;

/// <summary>
/// Renders the values of a page as people read them: a short value on one line, flat objects as a table, and a long value folded and with
/// line breaks. All values share the room of the page, so later values are cut shorter.
/// </summary>
internal sealed class HtmlValue
{
    private const int LeastOfOne = 200;
    private const int MostOfAll = 200_000;
    private const int MostParsed = 1_000_000;
    private const int MostRows = 50;
    private const int MostColumns = 12;
    private const int ShortLine = 120;

    // So short a line fits every screen.
    private const int NeverBroken = 24;

    // Do not parse a value that is far longer than its room.
    private const int TimesToParse = 10;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = ReadableValue.MostDepth,
    };

    private int _left = MostOfAll;

    /// <summary>A value as HTML; empty for none. If it cannot be read, the reason.</summary>
    /// <param name="read">Reads the value's JSON, or <see langword="null"/> for none.</param>
    /// <param name="most">How many characters of it are shown at most.</param>
    public string Render(Func<string?> read, int most) => Render(read, node => Render(node, Room(most)), most);

    /// <summary>The input of a node as HTML, each parameter by itself; empty for none.</summary>
    /// <param name="read">Reads the JSON of the input, or <see langword="null"/> for none.</param>
    /// <param name="most">How many characters of each value are shown at most.</param>
    public string RenderInput(Func<string?> read, int most) =>
        Render(read, node => node is JsonObject { Count: 0 } ? "" : Inputs(node, most), most);

    private string Render(Func<string?> read, Func<JsonNode?, string> render, int most)
    {
        try
        {
            return read() is { Length: > 0 } json ? Render(json, render, Room(most)) : "";
        }
        catch (Exception error) when (error is DagException or Values.ValueNotStorableException)
        {
            return Line(error.Message, "muted");
        }
    }

    /// <summary>A text of several lines, cut if it is long.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What it is, for screen readers.</param>
    /// <param name="most">How many characters of it are shown at most.</param>
    public string Block(string text, string name, int most) =>
        $"<pre tabindex=\"0\" aria-label=\"{name}\">{HtmlEncoding.Content(Cut(text, Room(most)))}</pre>\n";

    /// <summary>A text, cut if it is long.</summary>
    public string Cut(string text, int most)
    {
        var shown = text.Length <= most ? text
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Values.TextCut.Head(text, most)}… and {text.Length - most:N0} more characters");
        Spend(shown.Length);
        return shown;
    }

    private int Room(int most) => Math.Clamp(_left, LeastOfOne, most);

    private void Spend(int letters) => _left = Math.Max(0, _left - letters);

    private string Inputs(JsonNode? input, int most) => input is not JsonObject parameters ? Render(input, Room(most))
        : string.Concat(parameters.Select(entry =>
            $"{(entry.Key == "$_" ? "" : $"<h4>{HtmlEncoding.Content(entry.Key)}</h4>")}{Render(entry.Value, Room(most))}"));

    private string Render(string json, Func<JsonNode?, string> render, int most)
    {
        if (json.Length > MostParsed || json.Length > TimesToParse * Math.Max(_left, LeastOfOne))
            return Block(json, "Value", most);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ReadableValue.MostDepth });
            return render(ReadableValue.Read(document.RootElement));
        }
        catch (JsonException)
        {
            return Block(json, "Value", most);
        }
    }

    private string Render(JsonNode? value, int most) => value switch
    {
        null => Line("$null", "muted"),
        JsonArray { Count: 0 } => Line("an empty list", "muted"),
        JsonObject { Count: 0 } => Line("no entries", "muted"),
        JsonArray list when list.All(IsFlatObject) => Table(list, most),
        JsonArray list when list.All(IsScalar) => Folded(
            string.Join(", ", list.Select(Text)), string.Join('\n', list.Select(Text)), NumberText.Count(list.Count, "element"), most),
        JsonArray list => Folded("", Pretty(list), NumberText.Count(list.Count, "element"), most),
        JsonObject flat when IsFlatObject(flat) && flat.Count <= MostRows => Pairs(flat, most),
        JsonObject deep => Folded("", Pretty(deep), NumberText.Count(deep.Count, "entry"), most),
        _ => Folded(Text(value), Text(value), "text", most),
    };

    private string Folded(string line, string whole, string what, int most)
    {
        if (line.Length is > 0 and <= ShortLine && !line.Contains('\n', StringComparison.Ordinal))
            return Line(Cut(line, most), "value");
        if (whole.Length <= 6 * ShortLine && whole.AsSpan().Count('\n') <= 8)
            return Block(whole, "Value", most);
        var length = string.Create(CultureInfo.InvariantCulture, $"{what}, {whole.Length:N0} characters");
        return $"<details class=\"fold\"><summary>{length}</summary>{Block(whole, "Value", most)}</details>\n";
    }

    private string Table(JsonArray list, int most)
    {
        var names = list.Take(MostRows).SelectMany(row => row!.AsObject().Select(member => member.Key))
            .Distinct().Take(MostColumns).ToList();
        var text = new System.Text.StringBuilder("<table class=\"value\"><thead><tr>");
        foreach (var name in names)
            text.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{HtmlEncoding.Content(name)}</th>");
        text.Append("</tr></thead><tbody>\n");
        var (shown, letters) = (0, 0);
        foreach (var row in list.Take(MostRows).TakeWhile(_ => letters < most))
        {
            text.Append("<tr>");
            foreach (var name in names)
            {
                var cell = row!.AsObject().TryGetPropertyValue(name, out var member) ? Cut(Text(member), ShortLine) : "";
                letters += cell.Length;
                text.Append(IsNumber(member) ? "<td class=\"number\">" : "<td>").Append(HtmlEncoding.Unbroken(cell)).Append("</td>");
            }

            text.Append("</tr>\n");
            shown++;
        }

        text.Append("</tbody></table>\n");
        var table = shown == list.Count ? text.ToString()
            : text + Line($"… and {NumberText.Count(list.Count - shown, "more row")}", "muted");
        return list.Count <= 6 ? Scrolled(table)
            : $"<details class=\"fold\"><summary>{NumberText.Count(list.Count, "row")}</summary>{Scrolled(table)}</details>\n";
    }

    private static string Scrolled(string table) =>
        $"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Value\">{table}</div>\n";

    private string Pairs(JsonObject flat, int most)
    {
        var text = new System.Text.StringBuilder("<table class=\"value\"><tbody>\n");
        foreach (var (name, member) in flat)
            text.Append(
                CultureInfo.InvariantCulture,
                $"<tr><th scope=\"row\">{HtmlEncoding.Content(Cut(Seen(name), ShortLine))}</th><td>"
                    + $"{HtmlEncoding.Unbroken(Cut(Text(member), Math.Min(most, 4 * ShortLine)))}</td></tr>\n");
        var table = Scrolled(text.Append("</tbody></table>").ToString());
        return flat.Count <= 8 ? table
            : $"<details class=\"fold\"><summary>{NumberText.Count(flat.Count, "entry")}</summary>{table}</details>\n";
    }

    private static string Line(string text, string kind)
    {
        var html = text.Length > NeverBroken ? HtmlEncoding.Unbroken(text) : HtmlEncoding.Content(text);
        return $"<p class=\"{kind}\">{html}</p>\n";
    }

    private static bool IsScalar(JsonNode? value) => value is null or JsonValue;

    private static bool IsNumber(JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number;

    private static bool IsFlatObject(JsonNode? value) =>
        value is JsonObject { Count: > 0 } row && row.All(member => IsScalar(member.Value));

    private static string Text(JsonNode? value) => value is null ? "$null" : Seen(value.ToString());

    // Quotes show a text of which nothing would be seen.
    private static string Seen(string text) => string.IsNullOrWhiteSpace(text) ? $"'{text}'" : text;

    private static string Pretty(JsonNode value) => value.ToJsonString(Indented);
}
