using System.Collections.Specialized;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class DeclaredTypeTests
{
    private static readonly Order Sample =
        new("a", [new Line { Name = "l", Price = 1.10m, At = new Point(1, 2) }], Color.Green, DateTime.UnixEpoch)
    {
        Places = { ["home"] = new Point(3, 4) },
    };

    private readonly JsonValueCodec _codec = new();

    [Fact]
    public void A_declared_record_comes_back_with_all_that_is_nested_in_it()
    {
        var json = _codec.Text(Sample, typeof(Order));
        var back = Assert.IsType<Order>(_codec.Decode(json, typeof(Order)));
        Assert.Equal(json, _codec.Text(back, typeof(Order)));
        Assert.Equal((Sample.Total, Color.Green, DateTime.UnixEpoch), (back.Total, back.Color, back.Shipped));
        Assert.Equal(new Point(1, 2), back.Lines[0].At);
        Assert.Equal(new Point(3, 4), back.Places["home"]);
    }

    [Fact]
    public void Declared_collections_of_records_come_back()
    {
        Assert.Equal([new(1, 2)], Assert.IsType<Point[]>(Through<Point[]>(new Point[] { new(1, 2) })));
        Assert.Equal([new(1, 2)], Assert.IsType<List<Point>>(Through<IReadOnlyList<Point>>(new List<Point> { new(1, 2) })));
        Assert.Equal(new Point(1, 2), Assert.IsType<Dictionary<string, Point>>(Through<Dictionary<string, Point>>(
            new Dictionary<string, Point> { ["a"] = new(1, 2) }))["a"]);
        Assert.Equal([Color.Red], Assert.IsType<Color[]>(Through<Color[]>(new[] { Color.Red })));
        Assert.Equal(new Size { Width = 1, Height = 2 }, Through<Size>(new Size { Width = 1, Height = 2 }));
        Assert.Equal(Color.Green, Through<Color>(Color.Green));
        Assert.Equal(Color.Green, Through<Color?>(Color.Green));
    }

    [Fact]
    public void Records_in_declared_tuples_and_pairs_come_back()
    {
        var (point, pair) = (new Point(1, 2), new KeyValuePair<string, Point>("a", new(3, 4)));
        Assert.Equal((1, point), Through<(int, Point)>((1, point)));
        Assert.Equal((1, point), Through<(int, Point)?>((1, point)));
        Assert.Equal(Tuple.Create(point, "x"), Through<Tuple<Point, string>>(Tuple.Create(point, "x")));
        Assert.Equal(pair, Through<KeyValuePair<string, Point>>(pair));
        Assert.Equal([(point, Color.Green)], Assert.IsType<(Point, Color)[]>(Through<(Point, Color)[]>(new[] { (point, Color.Green) })));
        Assert.Equal([pair], Assert.IsType<List<KeyValuePair<string, Point>>>(
            Through<IReadOnlyList<KeyValuePair<string, Point>>>(new List<KeyValuePair<string, Point>> { pair })));
        var (number, points) = Assert.IsType<(int, List<Point>)>(Through<(int, List<Point>)>((1, new List<Point> { point })));
        Assert.Equal(1, number);
        Assert.Equal([point], points);
        Assert.Equal(new Route((point, new(3, 4)), pair), Through<Route>(new Route((point, new(3, 4)), pair)));
    }

    [Fact]
    public void A_member_of_which_only_a_trace_is_left_says_what_it_was()
    {
        var error = Assert.Throws<DagException>(() => Through<Outcome>(new Outcome(new InvalidOperationException("x"))));

        Assert.Equal(DagErrorId.DagValueNotRestorable, error.Id);
        Assert.Contains("System.InvalidOperationException was a live object", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_is_not_made_from_a_tag_without_its_declaration()
    {
        Assert.IsType<OrderedDictionary>(_codec.Decode(_codec.Text(new Point(1, 2), typeof(Point))));
        Assert.Equal(typeof(Point).FullName, Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Text(new Point(1, 2)))).TypeName);
        Assert.Throws<DagException>(() => _codec.Decode($$"""{"$type":"{{typeof(Point).FullName}}","value":{"X":1,"Y":2} }"""));
    }

    [Fact]
    public void A_collection_that_cannot_be_set_is_filled()
    {
        var cart = new Cart { Names = { "b", "a" }, Places = { ["home"] = new Point(1, 2) }, Numbers = { 3 } };
        cart.Note("fragile");

        var back = Assert.IsType<Cart>(Through<Cart>(cart));

        Assert.Equal(["first", "b", "a"], back.Names);
        Assert.Equal(new Point(1, 2), back.Places["home"]);
        Assert.Equal([3], back.Numbers);
        Assert.Equal(["fragile"], back.Notes);
        Assert.Equal(["a", "b", "first"], back.Sorted);
    }

    [Fact]
    public void A_collection_that_can_be_neither_set_nor_filled_is_the_named_error()
    {
        var kept = new Sealed();
        kept.Note("fragile");

        var error = Assert.Throws<DagException>(() => Through<Sealed>(kept));

        Assert.Equal(DagErrorId.DagValueNotRestorable, error.Id);
        Assert.Contains("'Notes'", error.Message, StringComparison.Ordinal);
        Assert.Empty(Assert.IsType<Sealed>(Through<Sealed>(new Sealed())).Notes);
    }

    [Fact]
    public void A_second_view_of_what_the_constructor_got_is_left_alone() =>
        Assert.Equal([1, 2], Assert.IsType<Alias>(Through<Alias>(new Alias([1, 2]))).Same);

    [Fact]
    public void What_was_stored_undeclared_comes_back_where_just_its_type_is_declared_now()
    {
        Assert.Equal(new Point(1, 2), _codec.Decode(_codec.Text(new Point(1, 2)), typeof(Point)));
        Assert.Equal([new Point(1, 2)],
            Assert.IsType<object[]>(_codec.Decode(_codec.Text(new object[] { new Point(1, 2) }), typeof(List<Point>))));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Text(new Chain()), typeof(Point)));
    }

    [Fact]
    public void A_snapshot_that_lacks_a_member_stays_one() =>
        Assert.IsType<ValueSnapshot>(
            _codec.Decode($$"""{"$type":"snapshot","of":"{{typeof(Line)}}","value":{"Name":"l"} }""", typeof(Line)));

    [Fact]
    public void An_array_declares_the_values_of_a_table_too() =>
        Assert.Equal(new Point(1, 2), Assert.IsType<OrderedDictionary>(
            _codec.Decode(_codec.Text(new OrderedDictionary { ["a"] = new Point(1, 2) }, typeof(Point[])), typeof(Point[])))["a"]);

    [Fact]
    public void An_undeclared_enum_that_is_loaded_comes_back_as_what_it_was() =>
        Assert.Equal(Color.Green, _codec.Decode(_codec.Text(Color.Green)));

    [Theory]
    [InlineData("No.Such.Enum", "Green")]
    [InlineData("Lythonic.Dag.Engine.Tests.Values.Color", "Purple")]
    [InlineData("Lythonic.Dag.Engine.Tests.Values.Point", "Green")]
    [InlineData("Lythonic.Dag.Engine.Tests.Values.Color, Lythonic.Dag.Engine.Tests", "Green")]
    public void What_no_loaded_enum_has_comes_back_as_its_name(string type, string name) =>
        Assert.Equal(name, _codec.Decode($$"""{"$type":"enum","of":"{{type}}","value":"{{name}}"}"""));

    [Fact]
    public void To_look_for_an_enum_loads_nothing()
    {
        // This facade forwards the name to another assembly; asked for it, it would load that one.
        System.Reflection.Assembly.Load("netstandard");

        Assert.Equal("X", _codec.Decode("""{"$type":"enum","of":"System.Net.Mail.MailPriority","value":"X"}"""));

        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == "System.Net.Mail");
    }

    [Fact]
    public void A_declared_chain_comes_back_whole_and_a_ring_ends_in_a_mark_and_the_named_error()
    {
        Chain? chain = null;
        for (var i = 0; i < 1000; i++)
            chain = new Chain { Number = i, Next = chain };
        var back = (Chain?)_codec.Decode(_codec.Text(chain, typeof(Chain)), typeof(Chain));
        for (; chain is not null; (chain, back) = (chain.Next, back.Next))
            Assert.Equal(chain.Number, back!.Number);
        var ring = new Chain();
        ring.Next = ring;
        var encoded = _codec.Encode(ring, typeof(Chain));
        Assert.Equal("$.Next", encoded.Facts.FirstCut);
        Assert.Equal(DagErrorId.DagValueNotRestorable, Assert.Throws<DagException>(() => _codec.Decode(encoded.Json!, typeof(Chain))).Id);
    }

    [Fact]
    public void A_stored_value_that_lacks_what_the_record_needs_names_it()
    {
        var fault = Assert.Throws<DagException>(() => _codec.Decode("{\"X\":1}", typeof(Point)));
        Assert.Contains("'Y'", fault.Message, StringComparison.Ordinal);
    }

    private object? Through<T>(object value) => _codec.Decode(_codec.Text(value, typeof(T)), typeof(T));
}
