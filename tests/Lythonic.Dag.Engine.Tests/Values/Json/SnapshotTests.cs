using System.Collections;
using System.Net;
using System.Security;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class SnapshotTests
{
    private readonly JsonValueCodec _codec = new();

    [Fact]
    public void A_live_object_comes_back_as_a_snapshot_without_what_throws()
    {
        var back = Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Text(new Live())));
        Assert.Equal(typeof(Live).FullName, back.TypeName);
        Assert.Equal("live", back.Properties.Single(property => property.Key == "Name").Value);
        Assert.DoesNotContain(back.Properties, property => property.Key is "Broken" or "Item");
        Assert.True(Assert.IsType<ValueSnapshot>(back.Properties.Single(property => property.Key == "Self").Value).IsTruncated);
    }

    [Fact]
    public void A_snapshot_is_stored_again_as_what_it_was()
    {
        foreach (var live in new object[] { new Live(), new SortedList<string, int> { ["a"] = 1 }, new LinkedList<int>([1]),
            new MemoryStream(), new Version[1].AsReadOnly() })
        {
            var json = _codec.Text(live);
            Assert.Equal(json, _codec.Text(_codec.Decode(json)));
        }
    }

    [Fact]
    public void Secrets_are_never_written()
    {
        var secret = new SecureString();
        foreach (var letter in "hunter2")
            secret.AppendChar(letter);
        var all = new object[] { secret, new NetworkCredential("u", "hunter2"), new Live { Secret = secret },
            new Hashtable { ["k"] = secret } };
        foreach (var value in all.Append(all))
        {
            var json = _codec.Text(value);
            Assert.DoesNotContain("hunter2", json, StringComparison.Ordinal);
            Assert.Contains("\"$type\":\"secret\"", json, StringComparison.Ordinal);
        }

        Assert.Equal("{\"$type\":\"secret\",\"of\":\"SecureString\"}", _codec.Text(secret));
        var back = Assert.IsType<SecretPlaceholder>(_codec.Decode(_codec.Text(secret)));
        Assert.Contains("not stored", back.ToString(), StringComparison.Ordinal);
        Assert.Equal(_codec.Text(secret), _codec.Text(back));
    }

    [Fact]
    public void The_environment_of_a_process_is_never_written()
    {
        var start = new System.Diagnostics.ProcessStartInfo("x") { Environment = { ["TOKEN"] = "hunter2" } };
        Assert.DoesNotContain("hunter2", _codec.Text(start), StringComparison.Ordinal);
    }

    [Fact]
    public void Cycles_end_in_a_mark()
    {
        var table = new Hashtable();
        var list = new List<object?> { table };
        table["list"] = list;
        var array = new object?[1];
        array[0] = array;
        foreach (var value in new object[] { table, list, array })
            Assert.Contains("\"truncated\"", _codec.Text(value), StringComparison.Ordinal);
        Assert.True(Assert.IsType<ValueSnapshot>(((object?[])_codec.Decode(_codec.Text(array))!)[0]).IsTruncated);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(1_500)]
    [InlineData(4_000)]
    public void Plain_data_has_no_depth_at_which_it_is_cut(int depth)
    {
        object? value = null;
        object? table = null;
        for (var i = 0; i < depth; i++)
        {
            value = new[] { value };
            table = new Hashtable { [1] = table };
        }

        var (list, tables) = (_codec.Encode(value), _codec.Encode(table));
        Assert.Equal((ValueFacts.None, ValueFacts.None), (list.Facts, tables.Facts));
        Assert.Equal(list.Json, _codec.Text(_codec.Decode(list.Json!)));
        Assert.Equal(tables.Json, _codec.Text(_codec.Decode(tables.Json!)));
    }

    [Fact]
    public void What_is_too_deep_for_the_machine_is_not_storable_and_says_where()
    {
        object? value = null;
        for (var i = 0; i < 100_000; i++)
            value = new Hashtable { ["in"] = value };
        var fault = Assert.Throws<ValueNotStorableException>(() => _codec.Encode(value));
        Assert.Contains("$.in.in.in", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.Message.Length < 300);
    }

    [Fact]
    public void A_secret_below_any_depth_is_found()
    {
        object? value = new SecureString();
        for (var i = 0; i < 4_000; i++)
            value = new[] { value };
        Assert.Equal("SecureString", _codec.Encode(value).Facts.Secret);
        Assert.NotNull(ClrValueConverter.Instance.FindSecret(_codec.Decode(_codec.Text(value))));
    }

    [Fact]
    public void The_facts_say_how_many_objects_were_cut_and_where_first()
    {
        var parent = new Family { Name = "p" };
        parent.Children.Add(new Family { Parent = parent });
        parent.Children.Add(new Family { Parent = parent });
        var encoded = _codec.Encode(new object[] { 1, new Hashtable { ["x"] = parent } });
        Assert.Equal((2, "$[1].x.Children[0].Parent"), (encoded.Facts.Cuts, encoded.Facts.FirstCut));
        var restored = _codec.Restore(encoded.Json!);
        Assert.Equal(2, restored.Facts.Cuts);
        Assert.True(ClrValueConverter.Instance.HasCut(restored.Value));
        Assert.False(ClrValueConverter.Instance.HasCut(_codec.Decode(_codec.Text(new Family()))));
    }

    [Fact]
    public void A_chain_of_live_objects_is_cut_below_the_limit()
    {
        var chain = new Family();
        for (var i = 0; i < 40; i++)
            chain = new Family { Parent = chain };
        Assert.Equal(1, _codec.Encode(chain).Facts.Cuts);
    }

    [Fact]
    public void A_limit_is_for_one_element()
    {
        var wide = Enumerable.Range(0, 3_000).Select(i => new Wide { A = i, Z = "z" }).ToArray();
        var encoded = _codec.Encode(wide);
        Assert.Equal(0, encoded.Facts.Cuts);
        var back = Assert.IsType<ValueSnapshot>(((object?[])_codec.Decode(encoded.Json!)!)[^1]);
        Assert.Equal((8, 2_999), (back.Properties.Count, back.Properties[0].Value));
    }

    [Fact]
    public void The_rings_of_the_platforms_own_objects_are_no_loss()
    {
        var match = System.Text.RegularExpressions.Regex.Match("foo bar", "o (b)");
        Assert.Equal(0, _codec.Encode(match).Facts.Cuts);
        Assert.Equal(0, _codec.Encode(System.Diagnostics.Process.GetCurrentProcess()).Facts.Cuts);
        Assert.Equal(0, _codec.Encode(System.Globalization.CultureInfo.InvariantCulture.CompareInfo).Facts.Cuts);
    }

    [Fact]
    public void Fields_of_live_objects_are_stored()
    {
        var back = Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Text(new WithField { Number = 3 })));
        Assert.Equal(3, back.Properties.Single(property => property.Key == nameof(WithField.Number)).Value);
    }

    [Fact]
    public void What_never_ends_or_blocks_is_not_enumerated()
    {
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Text(Endless())));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Text(new TaskCompletionSource<int>().Task)));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Text(Console.OpenStandardInput())));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Text((Action)Cycles_end_in_a_mark)));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Text(System.Diagnostics.Process.GetCurrentProcess())));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Text(new InvalidOperationException("x"))));
    }

    [Fact]
    public void A_text_above_the_limit_names_its_place()
    {
        var codec = new JsonValueCodec(maximumLength: 5000);
        var value = new Hashtable { ["items"] = new object[] { 1, new Hashtable { ["x"] = new string('a', 6000) } } };
        var fault = Assert.Throws<ValueNotStorableException>(() => codec.Text(value));
        Assert.Contains("$.items[1].x", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ValueNotStorableException>(() => codec.Text(new string('a', 5000)));
        Assert.Equal("[1]", codec.Text(new object[] { 1 }));
    }

    private sealed class Family
    {
        public string? Name { get; set; }

        public Family? Parent { get; set; }

        public List<Family> Children { get; } = [];
    }

    private sealed class Wide
    {
        public int A { get; set; }

        public int B { get; set; }

        public int C { get; set; }

        public int D { get; set; }

        public int E { get; set; }

        public int F { get; set; }

        public int G { get; set; }

        public string? Z { get; set; }
    }

    private sealed class WithField
    {
        public int Number;
    }

    private static IEnumerable<int> Endless()
    {
        for (var i = 0; ; i++)
            yield return i;
    }
}
