using System.Collections;
using System.Collections.Specialized;
using System.Text;
using Lythonic.Dag.Comparing;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Comparing;

public sealed class ValueComparisonTests
{
    private static readonly JsonValueCodec Codec = new();

    [Theory]
    [InlineData("1", "1", "")]
    [InlineData("1", "2", "$: 1 → 2")]
    [InlineData("1", "1.0", "$: 1 → 1.0")]
    [InlineData("null", "0", "$: null → 0")]
    [InlineData("\"a\"", "\"b\"", "$: \"a\" → \"b\"")]
    [InlineData("[1,2,3]", "[1,5,3]", "$[1]: 2 → 5")]
    [InlineData("[1,2]", "[1,2,3]", "$[2]:  → 3")]
    [InlineData("[1,[2]]", "[1]", "$[1]: [2] → ")]
    [InlineData("[1,2,3,4]", "[1,3,4]", "$[1]: 2 → ")]
    [InlineData("[1,3,4]", "[0,1,3,4]", "$[0]:  → 0")]
    [InlineData("[{\"a\":1},2]", "[{\"a\":3}]", "$[0].a: 1 → 3\n$[1]: 2 → ")]
    [InlineData("[1,2,3,4,5]", "[1,3,9,5,6]", "$[1]: 2 → \n$[3]: 4 → 9\n$[4]:  → 6")]
    [InlineData("[[1,2,3],[4,5,6]]", "[[1,2,3],[4,6]]", "$[1][1]: 5 → ")]
    [InlineData("[{\"a\":1,\"b\":2},3]", "[{\"b\":2,\"a\":1},4]", "$[1]: 3 → 4")]
    [InlineData("[true,false]", "[false,true]", "$[0]: true → false\n$[1]: false → true")]
    [InlineData("[]", "[]", "")]
    [InlineData("{}", "{}", "")]
    [InlineData("[]", "{}", "$: [] → {}")]
    [InlineData("{}", "{\"a\":1}", "$.a:  → 1")]
    [InlineData("{\"a\":1}", "{}", "$.a: 1 → ")]
    [InlineData("{\"rows\":[1,{\"price\":10}]}", "{\"rows\":[1,{\"price\":12}]}", "$.rows[1].price: 10 → 12")]
    [InlineData("{\"a\":1,\"b\":{\"c\":2}}", "{\"b\":{\"c\":3},\"a\":1}", "$.b.c: 2 → 3")]
    [InlineData("{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", "$.b: 2 → \n$.c:  → 2")]
    [InlineData("{\"the name\":1}", "{\"the name\":2}", "$['the name']: 1 → 2")]
    [InlineData("{\"a\":\"x\\\"},\"}", "{\"a\":\"y\\\"},\"}", "$.a: \"x\\\"},\" → \"y\\\"},\"")]
    [InlineData(
        "{\"$type\":\"long\",\"value\":5}",
        "{\"$type\":\"long\",\"value\":6}",
        "$: {\"$type\":\"long\",\"value\":5} → {\"$type\":\"long\",\"value\":6}")]
    [InlineData(
        "{\"$type\":\"x\",\"of\":{\"$type\":\"long\",\"value\":5},\"value\":6}",
        "{\"$type\":\"x\",\"of\":{\"$type\":\"long\",\"value\":5},\"value\":7}",
        "$: 6 → 7")]
    [InlineData("{\"$type\":\"long\",\"value\":5}", "5", "$: {\"$type\":\"long\",\"value\":5} → 5")]
    [InlineData(
        "{\"$type\":\"long\",\"value\":5}",
        "{\"$type\":\"byte\",\"value\":5}",
        "$: {\"$type\":\"long\",\"value\":5} → {\"$type\":\"byte\",\"value\":5}")]
    [InlineData("{\"$type\":\"long\",\"value\":5}", "{}", "$: {\"$type\":\"long\",\"value\":5} → {}")]
    [InlineData(
        "[{\"$type\":\"long\",\"value\":5},1]",
        "[{\"a\":[5]},2]",
        "$[0]: {\"$type\":\"long\",\"value\":5} → {\"a\":[5]}\n$[1]: 1 → 2")]
    [InlineData("{\"$type\":\"set<int>\",\"value\":[1,2,3]}", "{\"$type\":\"set<int>\",\"value\":[3,1,4]}", "$: 2 → \n$:  → 4")]
    [InlineData(" { \"a\" : [ 1 , 2 ] , \"b\" : true } ", "{\"a\":[1,2],\"b\":false}", "$.b: true → false")]
    public void It_says_where_two_texts_differ(string one, string other, string expected)
    {
        for (var size = 1; size < 9; size++)
            Assert.Equal(expected, Differences(Pieces(one, size), Pieces(other, size)));
    }

    [Fact]
    public void Keys_of_a_dictionary_are_matched_whatever_their_order()
    {
        var one = new OrderedDictionary { { 1, "one" }, { 2, "two" }, { "three", new Hashtable { ["x"] = 1, ["y"] = 2 } } };
        var other = new OrderedDictionary { { "three", new Hashtable { ["y"] = 3, ["x"] = 1 } }, { 2, "two" }, { 1, "one" } };
        Assert.Equal("$[\"three\"].y: 2 → 3", Differences(Stored(one), Stored(other)));
    }

    [Fact]
    public void A_set_is_compared_without_its_order() =>
        Assert.Equal("", Differences(Stored(new HashSet<string> { "a", "b" }), Stored(new HashSet<string> { "b", "a" })));

    [Fact]
    public void What_is_equal_by_every_type_that_is_stored_has_no_difference()
    {
        object?[] values =
            [1, 1L, 1.5m, "x", DateTime.UnixEpoch, Guid.Empty, new[] { 1, 2 }, new List<object?> { null, 1 }, (1, "a"), DayOfWeek.Friday];
        foreach (var value in values)
            Assert.Equal("", Differences(Stored(value), Stored(value)));
    }

    [Fact]
    public void A_long_text_is_known_by_its_beginning_and_its_hash()
    {
        var one = $"{{\"a\":\"{new string('x', 200_000)}\",\"b\":1}}";
        var other = one.Replace("x\"", "y\"", StringComparison.Ordinal);
        var found = ValueComparison.Between([Encoding.UTF8.GetBytes(one)], [Encoding.UTF8.GetBytes(other)]).Found;
        var difference = Assert.Single(found);
        Assert.Equal("$.a", difference.Path);
        Assert.False(difference.Reference!.IsWhole);
        Assert.StartsWith("200,002 bytes: \"xxx", difference.Reference.Shown(), StringComparison.Ordinal);
        Assert.Empty(ValueComparison.Between([Encoding.UTF8.GetBytes(one)], Pieces(one, 1_000)).Found);
    }

    [Fact]
    public void A_text_that_comes_piece_by_piece_is_never_kept()
    {
        const int Count = 5_000;
        List<WeakReference> pieces = [];
        IEnumerable<ReadOnlyMemory<byte>> Rows(int last)
        {
            yield return "["u8.ToArray();
            for (var i = 0; i < Count; i++)
                yield return Piece(pieces);
            GC.Collect();
            Assert.InRange(pieces.Count(piece => piece.IsAlive), 0, 10);
            yield return Encoding.UTF8.GetBytes($"{{\"n\":{last}}}]");
        }

        var found = ValueComparison.Between(Rows(1), Rows(2)).Found;
        Assert.Equal($"$[{Count}].n", Assert.Single(found).Path);
    }

    // In a method of its own, so that no local variable of an iterator holds it.
    private static ReadOnlyMemory<byte> Piece(List<WeakReference> pieces)
    {
        var piece = Encoding.UTF8.GetBytes($"{{\"n\":1,\"s\":\"{new string('z', 1_000)}\"}},");
        pieces.Add(new WeakReference(piece));
        return piece;
    }

    [Fact]
    public void Of_many_differences_the_first_thousand_are_told_and_the_rest_counted()
    {
        int[] Numbers(int first) => [.. Enumerable.Range(first, 5_000)];
        var comparison = ValueComparison.Between(Stored(Numbers(0)), Stored(Numbers(5_000)));
        Assert.Equal(ValueComparison.MostDifferences, comparison.Found.Count);
        Assert.Equal(4_000, comparison.More);
    }

    [Theory]
    [InlineData(100_000, 1)]
    [InlineData(1_000, 60)]
    public void An_element_that_one_list_has_not_is_one_difference_however_long_both_are(int count, int length)
    {
        IEnumerable<ReadOnlyMemory<byte>> List(Func<int, bool> has) => Pieces(
            "[" + string.Join(',', Enumerable.Range(0, count).Where(has).Select(i => $"\"{new string('x', length)}{i}\"")) + "]", 1_000);
        int[] left = [5, 6, 400, count - 1];
        var found = ValueComparison.Between(List(_ => true), List(i => !left.Contains(i))).Found;
        Assert.Equal(left.Select(i => $"$[{i}]"), found.Select(difference => difference.Path));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void Elements_that_are_too_long_to_keep_are_matched_by_their_hash_and_compared_inside(int size)
    {
        string Long(int last) => $"[{string.Join(',', Enumerable.Repeat("\"yyyyyyyyy\"", 8_000))},{last}]";
        var one = $"[0,{Long(1)},[5,6],{Long(2)},3,{Long(4)},{Long(5)},{{\"a\":[{Long(6)},{Long(7)}]}},4]";
        var other = $"[0,{Long(1)},[6],{Long(3)},3,{Long(5)},{{\"a\":[{Long(8)},{Long(6)},{Long(9)}]}}]";
        Assert.Equal(
            $"$[2][0]: 5 → \n$[3][8000]: 2 → 3\n$[5]: {Long(4)[..200]} → \n"
                + $"$[7].a[0]:  → {Long(8)[..200]}\n$[7].a[1][8000]: 7 → 9\n$[8]: 4 → ",
            Differences(Pieces(one, size), Pieces(other, size)));
        Assert.Equal("", Differences(Pieces(one, size), Pieces(one, 13)));
    }

    [Fact]
    public void Of_long_elements_that_were_read_ahead_only_the_beginning_is_kept()
    {
        var row = Encoding.UTF8.GetBytes($"\"{new string('z', 100_000)}\",");
        using var cursor = new StoredTextCursor(Enumerable.Repeat<ReadOnlyMemory<byte>>(row, 300));
        var side = new ListSide(cursor);
        side.ReadAhead(ListAlignment.Width);
        Assert.Equal(ListAlignment.Width, side.Ahead.Count);
        Assert.All(side.Ahead, part => Assert.Equal(200, part.Text.Length));
    }

    [Theory]
    [InlineData(30, "[1]: 6 → ")]
    [InlineData(40, "[1]: 6 → 7\n")]
    public void Elements_of_lists_that_lie_very_deep_are_matched_by_position(int depth, string expected)
    {
        IEnumerable<ReadOnlyMemory<byte>> Nested(string list) =>
            [Encoding.UTF8.GetBytes(new string('[', depth) + list + new string(']', depth))];
        var path = "$" + string.Concat(Enumerable.Repeat("[0]", depth - 1));
        Assert.StartsWith(path + "[1]", Differences(Nested("5,6,7,8"), Nested("5,7,8")), StringComparison.Ordinal);
        Assert.Contains(expected, Differences(Nested("5,6,7,8"), Nested("5,7,8")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_lies_thousands_of_levels_deep_is_compared()
    {
        const int Depth = 4_000;
        IEnumerable<ReadOnlyMemory<byte>> Nested(int inner) =>
            [Encoding.UTF8.GetBytes(new string('[', Depth) + inner + new string(']', Depth))];
        var found = Differences(Nested(1), Nested(2));
        Assert.EndsWith("[0]: 1 → 2", found, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_very_deep_and_is_equal_costs_no_path()
    {
        const int Depth = 4_000;
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", Depth)) + "1" + new string('}', Depth));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(ValueComparison.Between([text], [text]).Found);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Stored(object? value) => [Encoding.UTF8.GetBytes(Codec.Encode(value).Json!)];

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(string text, int size) =>
        Encoding.UTF8.GetBytes(text).Chunk(size).Select(piece => new ReadOnlyMemory<byte>(piece));

    private static string Differences(IEnumerable<ReadOnlyMemory<byte>> one, IEnumerable<ReadOnlyMemory<byte>> other) =>
        string.Join(
            '\n',
            ValueComparison.Between(one, other).Found
                .Select(found => $"{found.Path}: {Text(found.Reference)} → {Text(found.Difference)}"));

    private static string Text(StoredPart? part) => part is null ? "" : Encoding.UTF8.GetString(part.Text.Span);
}
