using System.Text;
using CsCheck;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class Utf8Tests
{
    private static readonly JsonValueCodec Codec = new();

    private static readonly Gen<string> Text = Gen.OneOfConst(
        "a", "\"", "\\", "/", "\n", "\u0001", "é", "€", "\U0001F600", "\\u0041", "plain text").Array[0, 2_000].Select(string.Concat);

    [Fact]
    public void A_long_text_is_read_from_UTF8_as_it_is_from_a_string() => Text.Sample(
        text =>
        {
            var json = Codec.Encode(text).Json!;
            return (string?)Codec.Restore(Encoding.UTF8.GetBytes(json)).Value == text && (string?)Codec.Decode(json) == text;
        },
        iter: 500);

    [Theory]
    [InlineData("\\u00e9\\/\\b\\f", "é/\b\f")]
    [InlineData("\\ud83d\\ude00", "\U0001F600")]
    public void What_others_escape_is_read_too(string escaped, string expected)
    {
        var filler = new string('x', 5_000);

        Assert.Equal(filler + expected, Codec.Restore(Encoding.UTF8.GetBytes($"\"{filler}{escaped}\"")).Value);
    }

    [Theory]
    [InlineData("\\x")]
    [InlineData("\\u12")]
    [InlineData("\\u12g4")]
    [InlineData("a\"b")]
    [InlineData("a\nb")]
    [InlineData("a\\")]
    public void A_malformed_text_is_refused(string inner) =>
        Assert.Equal(
            DagErrorId.DagValueNotRestorable,
            Assert.Throws<DagException>(() => Codec.Restore(Encoding.UTF8.GetBytes($"\"{new string('x', 5_000)}{inner}\""))).Id);

    [Fact]
    public void A_value_of_many_pieces_has_one_text_whatever_was_written_before()
    {
        object?[] value = [.. Enumerable.Range(0, 300_000).Select(i => (object?)(i % 7 == 0 ? "é€" : i * 1.5))];
        var first = Codec.Encode(value);
        Codec.Encode(new string('x', 60_000));
        var second = Codec.Encode(value);

        Assert.False(first.Text!.IsWhole);
        Assert.Equal(first.Json, second.Json);
        Assert.Equal(TextFingerprint.Compute(first), TextFingerprint.Compute(second));
        Assert.Equal(value, (object?[]?)Codec.Restore(Encoding.UTF8.GetBytes(first.Json!)).Value);
    }

    [Fact]
    public void A_text_that_differs_in_one_character_has_another_print()
    {
        var text = new string('x', 3_000_000).ToCharArray();
        var print = TextFingerprint.Compute(Codec.Encode(new string(text)));
        foreach (var position in (int[])[0, 7, 1_048_574, 1_048_575, 1_048_576, text.Length - 1])
        {
            text[position] = 'y';
            Assert.NotEqual(print, TextFingerprint.Compute(Codec.Encode(new string(text))));
            text[position] = 'x';
        }
    }
}
