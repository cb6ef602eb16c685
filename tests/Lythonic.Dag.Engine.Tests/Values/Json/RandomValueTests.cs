using System.Collections;
using System.Collections.Specialized;
using System.Numerics;
using CsCheck;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class RandomValueTests
{
    private static readonly Gen<object?> Scalar = Gen.OneOf<object?>(
        Gen.Const((object?)null),
        Gen.Bool.Select(value => (object?)value),
        Gen.String.Select(value => (object?)value),
        Gen.Char.Array[0, 6].Select(value => (object?)new string(value)),
        Gen.Char.Select(value => (object?)value),
        Gen.SByte.Select(value => (object?)value),
        Gen.Byte.Select(value => (object?)value),
        Gen.Short.Select(value => (object?)value),
        Gen.UShort.Select(value => (object?)value),
        Gen.Int.Select(value => (object?)value),
        Gen.UInt.Select(value => (object?)value),
        Gen.Long.Select(value => (object?)value),
        Gen.ULong.Select(value => (object?)value),
        Gen.Float.Select(value => (object?)(float.IsNaN(value) ? float.NaN : value)),
        Gen.Double.Select(value => (object?)(double.IsNaN(value) ? double.NaN : value)),
        Gen.Decimal.Select(value => (object?)value),
        Gen.Float.Select(value => (object?)(Half)value),
        Gen.Select(Gen.ULong, Gen.ULong).Select((upper, lower) => (object?)(Int128)new UInt128(upper, lower)),
        Gen.Select(Gen.ULong, Gen.ULong).Select((upper, lower) => (object?)new UInt128(upper, lower)),
        Gen.Int[0, 0x3ff].Select(options =>
            (object?)new System.Text.RegularExpressions.Regex("a", (System.Text.RegularExpressions.RegexOptions)(options & 0x23f))),
        Gen.String.Select(text => (object?)new Uri(Uri.EscapeDataString(new string([.. text.Where(char.IsAscii)])), UriKind.Relative)),
        Gen.Byte.Array[0, 20].Select(value => (object?)new BigInteger(value)),
        Gen.Byte.Array[0, 20].Select(value => (object?)value),
        Gen.Select(Gen.Long[0, DateTime.MaxValue.Ticks], Gen.Enum<DateTimeKind>())
            .Select((ticks, kind) => (object?)new DateTime(ticks, kind)),
        Gen.DateTimeOffset.Select(value => (object?)value),
        Gen.DateOnly.Select(value => (object?)value),
        Gen.TimeOnly.Select(value => (object?)value),
        Gen.Long.Select(value => (object?)new TimeSpan(value)),
        Gen.Guid.Select(value => (object?)value),
        Gen.Int[0, 99].Array[2, 4].Select(parts => (object?)Version.Parse(string.Join('.', parts))),
        Gen.Enum<DayOfWeek>().Select(value => (object?)value),
        Gen.Int[0, 0xffff].Select(value => (object?)(FileAttributes)value));

    private static readonly Gen<object?> Value = Gen.Recursive<object?>((depth, inner) => depth >= 4 ? Scalar : Gen.Frequency(
        (3, Scalar),
        (1, inner.Array[0, 4].Select(items => (object?)items)),
        (1, inner.List[0, 4].Select(items => (object?)items)),
        (1, inner.Array[0, 4].Select(items => (object?)new ArrayList(items))),
        (1, Gen.Select(Gen.String, inner).Array[0, 4].Select(entries => (object?)Fill(new OrderedDictionary(), entries))),
        (1, Gen.Select(Scalar, inner).Array[0, 4].Select(entries => (object?)Fill(new Hashtable(), entries))),
        (1, Gen.Select(Gen.String, inner).Array[0, 4].Select(entries => (object?)Fill(new Dictionary<string, object?>(), entries))),
        (1, Gen.Select(Gen.String, inner).Array[0, 4]
            .Select(entries => (object?)Fill(new SortedDictionary<string, object?>(StringComparer.Ordinal), entries))),
        (1, Gen.Select(Gen.Int, inner).Array[0, 4].Select(entries => (object?)Fill(new SortedList(), entries))),
        (1, Gen.String.Array[0, 4].Select(items => (object?)new SortedSet<string>(items, StringComparer.OrdinalIgnoreCase))),
        (1, Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]).Select((rows, columns) => (object?)new decimal[rows, columns])),
        (1, Gen.Long.Array[0, 4].Select(items => (object?)items)),
        (1, Gen.String.Array[0, 4].Select(items => (object?)items)),
        (1, Gen.Guid.List[0, 4].Select(items => (object?)items)),
        (1, Scalar.Select(Typed))));

    private readonly JsonValueCodec _codec = new();

    [Fact]
    public void Random_values_come_back_as_what_they_were() =>
        Value.Sample(value => ValueShape.Of(_codec.Decode(_codec.Text(value))) == ValueShape.Of(value), iter: 5_000, print: ValueShape.Of);

    [Fact]
    public void Two_empty_byte_arrays_stay_two_keys_of_a_hashtable()
    {
        var table = new Hashtable { [Array.CreateInstance(typeof(byte), 0)] = 1, [Array.CreateInstance(typeof(byte), 0)] = 2 };

        Assert.Equal(2, ((Hashtable)_codec.Decode(_codec.Text(table))!).Count);
    }

    private static IDictionary Fill<TKey>(IDictionary dictionary, (TKey Key, object? Value)[] entries)
    {
        foreach (var (key, value) in entries)
        {
            if (key is not null)
                dictionary[key] = value;
        }

        return dictionary;
    }

    private static object? Typed(object? value)
    {
        if (value is null)
            return Array.Empty<string>();
        var items = Array.CreateInstance(value.GetType(), 2);
        items.SetValue(value, 1);
        return items;
    }
}
