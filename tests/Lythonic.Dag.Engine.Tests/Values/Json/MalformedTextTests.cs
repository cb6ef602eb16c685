using System.Collections;
using System.Globalization;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class MalformedTextTests
{
    private static readonly string[] ForeignNames =
    [
        "System.Diagnostics.Process", "System.IO.FileStream", "System.IO.FileStream[]", "list<System.IO.FileStream>", "System.Object",
        "System.Diagnostics.Process, System.Diagnostics.Process", "System.Windows.Data.ObjectDataProvider, PresentationFramework",
        "System.Management.Automation.PSObject", "System.Collections.Generic.List`1[[System.Int32]]", "object", "list<>",
        "list<int", "list<int>>",
        "dictionary<int>", "pair<int,int,int>", "int?", "string?", "int??", "DayOfWeek", "System.DayOfWeek", "", " ", "int ", "INT", "[]",
        "?", "<",
        "list<list<list<list<list<list<list<list<list<list<list<list<list<list<int>>>>>>>>>>>>>>", "int[][][][][][][][][][][][][][][][][]",
        "System.Threading.Thread", "System.Reflection.Assembly", "System.Activator", "System.Runtime.InteropServices.GCHandle", "enum",
        "tuple",
    ];

    private readonly JsonValueCodec _codec = new();

    [Fact]
    public void A_tag_outside_the_list_is_the_named_error_and_names_the_tag()
    {
        foreach (var name in ForeignNames.Where(name => name.Contains("System.", StringComparison.Ordinal)))
        {
            var fault = Assert.Throws<DagException>(() => _codec.Decode($$"""{"$type":"{{name}}","value":["/etc/passwd"]}"""));
            Assert.Equal(DagErrorId.DagValueNotRestorable, fault.Id);
            Assert.Contains(name[..Math.Min(100, name.Length)], fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ten_thousand_doctored_texts_end_in_a_listed_type_or_the_named_error()
    {
        var random = new Random(20240501);
        var sound = ListedValues.Scalars.Concat(ListedValues.Collections).Select(value => _codec.Text(value))
            .Concat(ListedValues.Collections.SelectMany(ListedValues.Contain).Select(value => _codec.Text(value))).ToArray();
        for (var i = 0; i < 10_000; i++)
            AssertContained(Doctor(sound[random.Next(sound.Length)], sound, random));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("{")]
    [InlineData("nul")]
    [InlineData("{\"$type\":5}")]
    [InlineData("{\"$type\":null}")]
    [InlineData("{\"$type\":\"long\"}")]
    [InlineData("{\"$type\":\"long\",\"value\":\"5\"}")]
    [InlineData("{\"$type\":\"byte\",\"value\":256}")]
    [InlineData("{\"$type\":\"enum\",\"value\":\"x\"}")]
    [InlineData("{\"$type\":\"hashtable\",\"entries\":[[null,1]]}")]
    [InlineData("{\"$type\":\"hashtable\",\"entries\":[[1,1],[1,2]]}")]
    [InlineData("{\"$type\":\"string\",\"value\":{\"utf16\":\"AAA\"}}")]
    [InlineData("{\"$type\":\"list<int>\",\"value\":[null]}")]
    [InlineData("{\"$type\":\"\\ud800\",\"value\":1}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"$type\":\"regex\",\"value\":{\"pattern\":\"(\",\"options\":0}}")]
    [InlineData("{\"$type\":\"xml\",\"value\":\"<a\"}")]
    public void A_broken_text_is_the_named_error(string json)
    {
        var fault = Assert.Throws<DagException>(() => _codec.Decode(json));
        Assert.Equal(DagErrorId.DagValueNotRestorable, fault.Id);
    }

    [Fact]
    public void Text_that_is_too_deep_is_the_named_error() =>
        Assert.Throws<DagException>(() => _codec.Decode(new string('[', 100_000) + new string(']', 100_000)));

    [Fact]
    public void A_stored_document_reads_nothing_from_outside()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "outside");
        var json = $$"""{"$type":"xml","value":"<!DOCTYPE a [<!ENTITY e SYSTEM 'file://{{path}}'>]><a>&e;</a>"}""";
        var text = Record.Exception(() => _codec.Decode(json)) is null ? ((System.Xml.XmlDocument)_codec.Decode(json)!).InnerText : "";
        Assert.DoesNotContain("outside", text, StringComparison.Ordinal);
        File.Delete(path);
    }

    private static string Doctor(string json, string[] sound, Random random)
    {
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(json.Length + 1);
            json = random.Next(6) switch
            {
                0 => json[..at],
                1 => json.Insert(at, "{}[]\",:0.eE-\\u$ntf"[random.Next(18)].ToString(CultureInfo.InvariantCulture)),
                2 when at < json.Length => json.Remove(at, 1),
                3 => json.Insert(at, sound[random.Next(sound.Length)]),
                4 => Retag(json, ForeignNames[random.Next(ForeignNames.Length)]),
                _ => Retag(json, Tag(sound[random.Next(sound.Length)]) ?? "list<byte[]>"),
            };
        }

        return json;
    }

    private static string Retag(string json, string name) => Tag(json) is { } old
        ? json.Replace($"\"$type\":\"{old}\"", $"\"$type\":\"{name}\"", StringComparison.Ordinal)
        : $$"""{"$type":"{{name}}","value":{{json}}}""";

    private static string? Tag(string json)
    {
        const string Lead = "\"$type\":\"";
        var start = json.IndexOf(Lead, StringComparison.Ordinal);
        var end = start < 0 ? -1 : json.IndexOf('"', start + Lead.Length);
        return end < 0 ? null : json[(start + Lead.Length)..end];
    }

    private void AssertContained(string json)
    {
        try
        {
            AssertListed(_codec.Decode(json));
        }
        catch (DagException fault)
        {
            Assert.Equal(DagErrorId.DagValueNotRestorable, fault.Id);
        }
    }

    private static void AssertListed(object? value)
    {
        if (value is null)
            return;
        var name = value.GetType().ToString();
        foreach (var foreign in new[] { "Process", "Stream", "Thread", "Assembly", "GCHandle", "PSObject" })
            Assert.DoesNotContain(foreign, name, StringComparison.Ordinal);
        if (value is IDictionary dictionary)
            AssertListed(dictionary.Values.Cast<object?>().Concat(dictionary.Keys.Cast<object?>()).ToArray());
        else if (value is IEnumerable items and not string)
            foreach (var item in items)
                AssertListed(item);
    }
}
