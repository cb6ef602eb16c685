using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;
using System.Xml;

namespace Lythonic.Dag.Engine.Tests.Values;

/// <summary>Values of every listed type, with their edges.</summary>
internal static class ListedValues
{
    public static IReadOnlyList<object?> Scalars { get; } =
    [
        null, true, false, "", "plain", "q\"\\/\b\f\n\r\t\0\u001f\u007f\u2028 é 😀", "$type", "lone \ud800 end", "\udc00", "\ud83d",
        'a', '"', '\0', '\ud800', 'é',
        sbyte.MinValue, byte.MaxValue, short.MinValue, ushort.MaxValue, int.MinValue, int.MaxValue, 0, -1, uint.MaxValue,
        long.MinValue, long.MaxValue, 5L, ulong.MaxValue, Int128.MinValue, UInt128.MaxValue,
        BigInteger.Parse("-123456789012345678901234567890", CultureInfo.InvariantCulture), BigInteger.Zero,
        0.0, -0.0, 1.0, 1e16, 1e-300, double.MaxValue, double.Epsilon, Math.PI, double.NaN, double.PositiveInfinity,
        double.NegativeInfinity,
        0f, -0f, 1.5f, float.MaxValue, float.Epsilon, float.NaN, float.NegativeInfinity, (Half)1.5, Half.MaxValue, Half.NaN,
        0m, 1.10m, 1.0000m, decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m,
        DateTime.MinValue, DateTime.MaxValue, new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc).AddTicks(7),
        new DateTime(2024, 7, 1, 0, 0, 0, DateTimeKind.Local).AddTicks(1234567),
        DateTimeOffset.MinValue, DateTimeOffset.MaxValue, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.FromMinutes(-570)).AddTicks(3),
        DateOnly.MaxValue, new DateOnly(2024, 2, 29), TimeOnly.MaxValue, new TimeOnly(1, 2, 3).Add(TimeSpan.FromTicks(9)),
        TimeSpan.MinValue, TimeSpan.MaxValue, TimeSpan.FromTicks(1), Guid.Empty, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
        new Version(1, 2), new Version(1, 2, 3, 4), new Uri("https://example.org/a b?q=é#f"), new Uri("/a/b", UriKind.Relative),
        new Uri("a/../b", UriKind.Relative), new Uri("", UriKind.Relative), new Uri("urn:isbn:1"),
        DayOfWeek.Friday, FileAttributes.ReadOnly | FileAttributes.Hidden, (DayOfWeek)42, ConsoleColor.Red, HttpStatusCode.NotFound,
        RegexOptions.IgnoreCase | RegexOptions.Singleline, IPAddress.Parse("127.0.0.1"), IPAddress.Parse("fe80::1"), (nint)5,
        nuint.MaxValue, DBNull.Value,
        Array.Empty<byte>(), new byte[] { 0, 255, 1 }, new FileInfo("a.txt"), new DirectoryInfo(Path.GetTempPath()),
        Xml("<a b=\"c\"> <d/>\n<!-- e --><![CDATA[f]]></a>"), Xml("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>"), new XmlDocument(),
        Plain("<a> <b>x </b>\n</a>"),
        new Regex("a+\\d", RegexOptions.IgnoreCase | RegexOptions.Multiline), new Regex(""),
        new Regex("b", RegexOptions.None, TimeSpan.FromSeconds(2)),
    ];

    public static IReadOnlyList<object> Collections { get; } =
    [
        Array.Empty<object>(), new object?[] { 1, null, "a", 2.0 }, Array.Empty<string>(), new[] { "a", null, "\ud800" }, new[] { 1, 2 },
        new[] { 1.0, double.NaN }, new long[] { 1, 2 }, new[] { 1m, 1.0m }, new int?[] { 1, null }, new[] { DayOfWeek.Monday },
        new Guid[] { Guid.Empty }, new object[][] { [1], [] }, new int[][] { [1, 2], null! }, new char[] { 'a', '\ud800' },
        new byte[][] { [1], [2] }, new object?[] { new object?[] { new object?[] { null } } }, new bool[] { true },
        new DateTime?[] { null },
        new List<object?> { 1, "a" }, new List<string> { "a" }, new List<int>(), new List<List<long>> { new() { 1 } },
        new Collection<int> { 1, 2 }, new HashSet<int> { 3, 1 }, new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" },
        new LinkedList<int>([3, 1, 3]), new SortedSet<int> { 3, 1 }, new SortedSet<string>(StringComparer.Ordinal) { "b", "B", "a" },
        new SortedSet<string>(StringComparer.OrdinalIgnoreCase) { "b", "A" }, new SortedSet<string> { "b", "B", "a" },
        new OrderedDictionary<string, int> { ["b"] = 1, ["B"] = 2, ["a"] = 3 },
        new OrderedDictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["b"] = null, ["a"] = 2L },
        new OrderedDictionary<int, OrderedDictionary<DateOnly, string[]>> { [2] = new() { [DateOnly.MaxValue] = ["x"] }, [1] = [] },
        new OrderedDictionary<Version, object?> { [new(2, 0)] = new OrderedDictionary<string, Version> { ["z"] = new(1, 0) } },
        new SortedDictionary<string, int> { ["b"] = 1, ["B"] = 2, ["a"] = 3 },
        new SortedDictionary<string, object?>(StringComparer.Ordinal) { ["b"] = null, ["B"] = 2L },
        new SortedDictionary<DateOnly, List<int>> { [DateOnly.MaxValue] = [1], [DateOnly.MinValue] = [] },
        new SortedList<int, string> { [2] = "x", [1] = "y" },
        new SortedList<string, int>(StringComparer.OrdinalIgnoreCase) { ["b"] = 1, ["A"] = 2 },
        new SortedList { ["b"] = 1, ["B"] = 2L, ["a"] = null },
        new SortedList(CaseInsensitiveComparer.DefaultInvariant) { ["b"] = 1, ["A"] = 2 }, new SortedList { [2] = "b", [1] = "a" },
        new SortedList(),
        new int[2, 3] { { 1, 2, 3 }, { 4, 5, 6 } }, new object?[1, 2] { { "a", null } }, new double[0, 5], new string[2, 1, 2],
        new List<int[,]> { new int[1, 1] }, new int[1, 1][] { { [7] } },
        new Queue<int>([1, 2]), new Stack<string>(["a", "b"]), new ArrayList { 1, "a", null, new ArrayList() },
        new Hashtable { ["b"] = 1, ["a"] = null }, new Hashtable { [1] = "int", [1L] = "long", ["1"] = "text" }, new Hashtable(),
        new OrderedDictionary { ["z"] = 1, ["a"] = 2, ["$type"] = "long" },
        new OrderedDictionary { [(object)2] = 1, ["x"] = 2L, [Guid.Empty] = null },
        new Dictionary<string, object?> { ["$type"] = "x", ["value"] = 1, [""] = null },
        new Dictionary<int, string> { [2] = "b", [1] = "a" },
        new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 }, new Dictionary<string, int> { ["a\ud800"] = 1 },
        new Dictionary<Guid, List<DateTime>> { [Guid.Empty] = [DateTime.UnixEpoch] },
        new Dictionary<DayOfWeek, int?> { [DayOfWeek.Friday] = null },
        new KeyValuePair<string, int>("a", 1), new KeyValuePair<object, object?>(1, null), Tuple.Create(1, "a"), (1, 2L, "c"),
        ValueTuple.Create(1),
        new[] { (1, "a") }, new Dictionary<string, Hashtable> { ["a"] = new() { ["b"] = 1 } }, new Hashtable[] { new() { [1] = 2 } },
    ];

    /// <summary>Puts a value into every kind of container.</summary>
    public static IEnumerable<object> Contain(object? value)
    {
        yield return new[] { value, value };
        yield return new object?[] { new object?[] { value } };
        yield return new List<object?> { value };
        yield return new ArrayList { value };
        yield return new Hashtable { ["k"] = value };
        yield return new OrderedDictionary { ["k"] = value, [(object)5] = value };
        yield return new Dictionary<string, object?> { ["$type"] = value };
        yield return new KeyValuePair<string, object?>("k", value);
        yield return new Queue<object?>([value]);
        yield return new Stack<object?>([value, 1]);
        yield return Tuple.Create(value, 1);
        if (value is null)
            yield break;
        var typed = Array.CreateInstance(value.GetType(), 2);
        typed.SetValue(value, 0);
        yield return typed;
        yield return Activator.CreateInstance(typeof(List<>).MakeGenericType(value.GetType()), new object[] { typed })!;
        if (value is not IEnumerable or string)
            yield return new Hashtable { [value] = value };
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), value.GetType()))!;
        dictionary["k"] = value;
        yield return dictionary;
    }

    private static XmlDocument Plain(string text)
    {
        var document = new XmlDocument();
        document.LoadXml(text);
        return document;
    }

    private static XmlDocument Xml(string text)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml(text);
        return document;
    }
}
