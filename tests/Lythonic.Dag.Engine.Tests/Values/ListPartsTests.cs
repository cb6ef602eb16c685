using System.Globalization;
using CsCheck;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class ListPartsTests
{
    private static readonly JsonValueCodec Codec = new();

    private static readonly Gen<object?> Element = Gen.OneOf(
        Gen.Int.Select(value => (object?)value),
        Gen.String.Select(value => (object?)value),
        Gen.Const((object?)"]\\\",{["),
        Gen.Int[4_000, 9_000].Select(length => (object?)new string('"', length / 2)),
        Gen.Int[0, 4_100].Select(length => (object?)new string('x', length)),
        Gen.String.Array[0, 3].Select(items => (object?)items),
        Gen.Const((object?)Array.Empty<object>()));

    [Fact]
    public void A_list_is_cut_into_what_joins_to_the_same_text() => Element.Array[0, 40].Sample(
        items =>
        {
            var json = Codec.Encode(items);
            var large = items.Select((item, index) => (index, Text: Codec.Encode(item))).Where(item => item.Text.Length > 4_096).ToList();
            if (ListParts.Cut(json) is not { } cut)
                return large.Count == 0;
            return cut.Whole.Json == json && cut.Whole.Length == json.Length && cut.Large.OrderBy(part => part.Key).Select(part => (part.Key, part.Value.Json!)).SequenceEqual(large)
                && cut.Whole.Elements!.All(part => part.Length <= 4_096 || cut.Large.Values.Contains(part));
        },
        iter: 2_000);

    [Theory]
    [InlineData("{\"$type\":\"string[]\",\"value\":[\"a\"]}")]
    [InlineData("\"[\"")]
    [InlineData("[]")]
    public void What_is_no_list_with_large_elements_is_left_whole(string json) =>
        Assert.Null(ListParts.Cut(json.Replace("a", new string('a', 5_000), StringComparison.Ordinal)));

    [Fact]
    public void Many_small_elements_are_left_whole() => Assert.Null(ListParts.Cut("[" + string.Join(',', Enumerable.Range(0, 9_999).Select(i => i.ToString(CultureInfo.InvariantCulture))) + "]"));
}
