using CsCheck;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class ListSplitterTests
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
            var list = Codec.Encode(items);
            var json = list.Json;
            var large = items.Select((item, index) => (index, Text: Codec.Text(item))).Where(item => item.Text.Length > 4_096).ToList();
            if (ListSplitter.Split(list) is not { } cut)
                return large.Count == 0;
            return cut.Whole.Json == json && cut.Whole.Length == list.Length
                && cut.Large.OrderBy(part => part.Key).Select(part => (part.Key, part.Value.Json!)).SequenceEqual(large);
        },
        iter: 600);

    [Fact]
    public void What_is_no_list_with_large_elements_is_left_whole()
    {
        var text = new string('a', 5_000);
        object?[] whole =
        [
            new[] { text }, text, new Dictionary<string, object?> { ["a"] = new object[] { text } }, Array.Empty<object>(),
            new object[] { 1 },
        ];
        foreach (var value in whole)
            Assert.Null(ListSplitter.Split(Codec.Encode(value)));
    }

    [Fact]
    public void Many_small_elements_are_left_whole() =>
        Assert.Null(ListSplitter.Split(Codec.Encode(Enumerable.Range(0, 9_999).Cast<object>().ToArray())));
}
