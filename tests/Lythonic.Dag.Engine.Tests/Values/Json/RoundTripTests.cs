using System.Collections;
using System.Collections.Specialized;
using System.Text.Json;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class RoundTripTests
{
    private static readonly int[] Numbers = [1, 2];

    private readonly JsonValueCodec _codec = new();

    public static TheoryData<int> ScalarIndexes => new(Enumerable.Range(0, ListedValues.Scalars.Count));

    public static TheoryData<int> CollectionIndexes => new(Enumerable.Range(0, ListedValues.Collections.Count));

    [Theory]
    [MemberData(nameof(ScalarIndexes))]
    public void A_listed_value_comes_back_as_what_it_was(int index) => AssertRoundTrip(ListedValues.Scalars[index]);

    [Theory]
    [MemberData(nameof(ScalarIndexes))]
    public void A_listed_value_comes_back_from_every_container(int index)
    {
        foreach (var container in ListedValues.Contain(ListedValues.Scalars[index]))
        {
            AssertRoundTrip(container);
            foreach (var nested in ListedValues.Contain(container))
                AssertRoundTrip(nested);
        }
    }

    [Theory]
    [MemberData(nameof(CollectionIndexes))]
    public void A_collection_comes_back_alone_and_from_every_container(int index)
    {
        AssertRoundTrip(ListedValues.Collections[index]);
        foreach (var container in ListedValues.Contain(ListedValues.Collections[index]))
            AssertRoundTrip(container);
    }

    [Theory]
    [InlineData(null, "null")]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData(5, "5")]
    [InlineData(5.0, "5.0")]
    [InlineData(5L, "{\"$type\":\"long\",\"value\":5}")]
    [InlineData(double.NaN, "{\"$type\":\"double\",\"value\":\"NaN\"}")]
    [InlineData(DayOfWeek.Friday, "{\"$type\":\"enum\",\"of\":\"System.DayOfWeek\",\"value\":\"Friday\"}")]
    public void A_scalar_has_a_short_form(object? value, string json) => Assert.Equal(json, _codec.Text(value));

    [Fact]
    public void Collections_have_readable_forms()
    {
        Assert.Equal("[1,\"a\",[null]]", _codec.Text(new object?[] { 1, "a", new object?[] { null } }));
        Assert.Equal("{\"$type\":\"int[]\",\"value\":[1,2]}", _codec.Text(Numbers));
        Assert.Equal("{\"$type\":\"hashtable\",\"value\":{\"a\":1}}",
            _codec.Text(new Hashtable(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }));
        Assert.Equal("{\"$type\":\"ordered\",\"entries\":[[1,\"a\"]]}", _codec.Text(new OrderedDictionary { [(object)1] = "a" }));
        Assert.Equal(
            "{\"$type\":\"dictionary<guid,list<long>>\",\"entries\":[[\"00000000-0000-0000-0000-000000000000\",[5]]]}",
            _codec.Text(new Dictionary<Guid, List<long>> { [Guid.Empty] = [5] }));
    }

    [Fact]
    public void A_hashtable_keeps_whether_it_tells_keys_apart_by_case()
    {
        var sensitive = (Hashtable)_codec.Decode(_codec.Text(new Hashtable { ["a"] = 1, ["A"] = 2 }))!;
        Assert.Equal(2, sensitive.Count);
        var insensitive = (Hashtable)_codec.Decode(_codec.Text(new Hashtable(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }))!;
        Assert.True(insensitive.ContainsKey("A"));
        Assert.False(((Hashtable)_codec.Decode(_codec.Text(new Hashtable { ["a"] = 1 }))!).ContainsKey("A"));
    }

    [Fact]
    public void A_sorted_collection_sorts_what_comes_later_as_it_did()
    {
        var ordinal = (SortedSet<string>)_codec.Decode(_codec.Text(new SortedSet<string>(StringComparer.Ordinal) { "a" }))!;
        ordinal.UnionWith(["B", "A"]);
        Assert.Equal(["A", "B", "a"], ordinal);
        var table = (SortedList)_codec.Decode(_codec.Text(new SortedList(CaseInsensitiveComparer.DefaultInvariant) { ["a"] = 1 }))!;
        Assert.True(table.ContainsKey("A"));
        Assert.False(((SortedList)_codec.Decode(_codec.Text(new SortedList { ["a"] = 1 }))!).ContainsKey("A"));
    }

    [Fact]
    public void A_collection_in_an_order_of_its_own_is_a_snapshot_of_a_live_object()
    {
        var descending = Comparer<int>.Create((one, other) => other.CompareTo(one));
        foreach (var value in (object[])[new SortedSet<int>(descending) { 1, 2 }, new SortedDictionary<int, int>(descending) { [1] = 1 },
            new SortedList(descending) { [1] = 1, [2] = 2 }])
            Assert.StartsWith("{\"$type\":\"snapshot\",", _codec.Text(value), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"$type\":\"int[,]\",\"size\":[2147483647,2147483647],\"value\":[]}")]
    [InlineData("{\"$type\":\"int[,]\",\"size\":[-1,-1],\"value\":[1]}")]
    [InlineData("{\"$type\":\"int[,]\",\"size\":[1],\"value\":[1]}")]
    [InlineData("{\"$type\":\"int[,,,,,,,,,]\",\"size\":[1],\"value\":[1]}")]
    [InlineData("{\"$type\":\"int[,]\",\"value\":[1]}")]
    public void A_size_that_is_not_that_of_the_content_makes_nothing(string json) =>
        Assert.Equal(DagErrorId.DagValueNotRestorable, Assert.Throws<DagException>(() => _codec.Decode(json)).Id);

    [Fact]
    public void A_huge_collection_comes_back()
    {
        AssertRoundTrip(Enumerable.Range(0, 200_000).Select(i => (object)(long)i).ToArray());
        AssertRoundTrip(new string('x', 5_000_000) + "\n");
    }

    [Fact]
    public void Many_threads_may_encode_at_once() =>
        Parallel.For(0, 2000, i => AssertRoundTrip(new object[] { (long)i, $"text \n {i}", new Hashtable { [i] = i } }));

    private void AssertRoundTrip(object? value)
    {
        var json = _codec.Text(value);
        using (JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 }))
            Assert.True(Lythonic.Dag.Values.JsonTextWriter.IsWellFormed(json));
        var back = _codec.Decode(json);
        Assert.Equal(ValueShape.Of(value), ValueShape.Of(back));
    }
}
