using System.Collections;
using System.Net;
using System.Security;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class SnapshotTests
{
    private readonly JsonValueCodec _codec = new();

    [Fact]
    public void A_live_object_comes_back_as_a_snapshot_without_what_throws()
    {
        var back = Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Encode(new Live())));
        Assert.Equal(typeof(Live).FullName, back.TypeName);
        Assert.Equal("live", back.Properties.Single(property => property.Key == "Name").Value);
        Assert.DoesNotContain(back.Properties, property => property.Key is "Broken" or "Item");
        Assert.True(Assert.IsType<ValueSnapshot>(back.Properties.Single(property => property.Key == "Self").Value).IsTruncated);
    }

    [Fact]
    public void A_snapshot_is_stored_again_as_what_it_was()
    {
        foreach (var live in new object[] { new Live(), new SortedList<string, int> { ["a"] = 1 }, new LinkedList<int>([1]), typeof(int), new MemoryStream() })
        {
            var json = _codec.Encode(live);
            Assert.Equal(json, _codec.Encode(_codec.Decode(json)));
        }
    }

    [Fact]
    public void Secrets_are_never_written()
    {
        var secret = new SecureString();
        foreach (var letter in "hunter2")
            secret.AppendChar(letter);
        var all = new object[] { secret, new NetworkCredential("u", "hunter2"), new Live { Secret = secret }, new Hashtable { ["k"] = secret } };
        foreach (var value in all.Append(all))
        {
            var json = _codec.Encode(value);
            Assert.DoesNotContain("hunter2", json, StringComparison.Ordinal);
            Assert.Contains("\"$type\":\"secret\"", json, StringComparison.Ordinal);
        }

        Assert.Equal("{\"$type\":\"secret\",\"of\":\"SecureString\"}", _codec.Encode(secret));
        var back = Assert.IsType<SecretPlaceholder>(_codec.Decode(_codec.Encode(secret)));
        Assert.Contains("not stored", back.ToString(), StringComparison.Ordinal);
        Assert.Equal(_codec.Encode(secret), _codec.Encode(back));
    }

    [Fact]
    public void The_environment_of_a_process_is_never_written()
    {
        var start = new System.Diagnostics.ProcessStartInfo("x") { Environment = { ["TOKEN"] = "hunter2" } };
        Assert.DoesNotContain("hunter2", _codec.Encode(start), StringComparison.Ordinal);
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
            Assert.Contains("\"truncated\"", _codec.Encode(value), StringComparison.Ordinal);
        Assert.True(Assert.IsType<ValueSnapshot>(((object?[])_codec.Decode(_codec.Encode(array))!)[0]).IsTruncated);
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    [InlineData(50_000, true)]
    public void Containers_end_in_a_mark_below_the_limit(int depth, bool marked)
    {
        object? value = null;
        object? table = null;
        for (var i = 0; i < depth; i++)
        {
            value = new[] { value };
            table = new Hashtable { [1] = table };
        }

        Assert.Equal(marked, _codec.Encode(value).Contains("truncated", StringComparison.Ordinal));
        Assert.Equal(ValueShape.Of(_codec.Decode(_codec.Encode(table))), ValueShape.Of(_codec.Decode(_codec.Encode(_codec.Decode(_codec.Encode(table))))));
    }

    [Fact]
    public void What_never_ends_or_blocks_is_not_enumerated()
    {
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Encode(Endless())));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Encode(new TaskCompletionSource<int>().Task)));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Encode(Console.OpenStandardInput())));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Encode((Action)Cycles_end_in_a_mark)));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Encode(System.Diagnostics.Process.GetCurrentProcess())));
        Assert.IsType<ValueSnapshot>(_codec.Decode(_codec.Encode(new InvalidOperationException("x"))));
    }

    [Fact]
    public void A_text_above_the_limit_names_its_place()
    {
        var codec = new JsonValueCodec(maximumLength: 5000);
        var value = new Hashtable { ["items"] = new object[] { 1, new Hashtable { ["x"] = new string('a', 6000) } } };
        var fault = Assert.Throws<ValueNotStorableException>(() => codec.Encode(value));
        Assert.Contains("$.items[1].x", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ValueNotStorableException>(() => codec.Encode(new string('a', 5000)));
        Assert.Equal("[1]", codec.Encode(new object[] { 1 }));
    }

    private static IEnumerable<int> Endless()
    {
        for (var i = 0; ; i++)
            yield return i;
    }
}
