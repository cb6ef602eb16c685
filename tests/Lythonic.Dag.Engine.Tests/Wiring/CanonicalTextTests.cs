using System.Collections;
using System.Collections.Specialized;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Engine.Tests.Wiring;

public sealed class ConstantTextTests
{
    [Fact]
    public void The_order_of_a_dictionary_that_has_none_does_not_count() => Assert.Equal(
        CanonicalText.Render(new object[] { new Hashtable { ["a"] = 1, ["b"] = new Hashtable { ["c"] = 2, ["d"] = 3 } } }),
        CanonicalText.Render(
            new object[] { new Dictionary<object, object> { ["b"] = new Hashtable { ["d"] = 3, ["c"] = 2 }, ["a"] = 1 } }));

    [Fact]
    public void The_order_of_a_set_does_not_count() =>
        Assert.Equal(CanonicalText.Render(new HashSet<string> { "a", "b" }), CanonicalText.Render(new HashSet<string> { "b", "a" }));

    [Fact]
    public void The_order_of_an_ordered_dictionary_counts() => Assert.NotEqual(
        CanonicalText.Render(new OrderedDictionary { ["a"] = 1, ["b"] = 2 }),
        CanonicalText.Render(new OrderedDictionary { ["b"] = 2, ["a"] = 1 }));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 1L)]
    [InlineData("1", 1)]
    [InlineData("a", null)]
    public void Values_and_their_types_count(object one, object? other) => Assert.NotEqual(
        CanonicalText.Render(new Hashtable { ["x"] = one }), CanonicalText.Render(new Hashtable { ["x"] = other }));

    [Fact]
    public void A_live_object_is_what_it_says_of_itself() =>
        Assert.Equal(CanonicalText.Render(new Live()), CanonicalText.Render(new Live()));

    private sealed class Live
    {
        public Guid Id { get; } = Guid.NewGuid();

        public override string ToString() => "live";
    }
}
