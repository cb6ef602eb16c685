using System.Collections;
using System.Numerics;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class ClrValueConverterTests
{
    private static readonly int[] Five = [5];
    private static readonly int[] OneAndTwo = [1, 2];

    private readonly ClrValueConverter _converter = ClrValueConverter.Instance;

    public static TheoryData<object?, Type, object?> Conversions => new()
    {
        { null, typeof(string), null }, { null, typeof(int?), null }, { 5, typeof(int?), 5 }, { 5, typeof(long), 5L },
        { "5", typeof(int), 5 },
        { "1.5", typeof(double), 1.5 }, { 1.5, typeof(string), "1.5" }, { true, typeof(int), 1 },
        { "friday", typeof(DayOfWeek), DayOfWeek.Friday },
        { 5L, typeof(DayOfWeek), DayOfWeek.Friday }, { 3, typeof(FileAttributes), FileAttributes.ReadOnly | FileAttributes.Hidden },
        { "1.2.3", typeof(Version), new Version(1, 2, 3) }, { "00:00:01", typeof(TimeSpan), TimeSpan.FromSeconds(1) },
        { 7, typeof(BigInteger), (BigInteger)7 },
        { Guid.Empty.ToString(), typeof(Guid), Guid.Empty }, { "http://a/", typeof(Uri), new Uri("http://a/") },
        { "2024-01-02", typeof(DateOnly), new DateOnly(2024, 1, 2) },
        { "2024-01-02T00:00:00Z", typeof(DateTime), new DateTime(2024, 1, 2, 0, 0, 0, DateTimeKind.Utc) },
        { 5, typeof(int[]), Five }, { 5, typeof(IReadOnlyList<int>), new List<int> { 5 } },
        { "a", typeof(IEnumerable<string>), new List<string> { "a" } },
        { new object[] { "1", 2L }, typeof(int[]), OneAndTwo }, { new ArrayList { 1 }, typeof(List<string>), new List<string> { "1" } },
        { new Hashtable { ["x"] = "1", ["Y"] = 2 }, typeof(Point), new Point(1, 2) },
        { new Hashtable { ["a"] = "1" }, typeof(Dictionary<string, int>), new Dictionary<string, int> { ["a"] = 1 } },
    };

    [Theory]
    [MemberData(nameof(Conversions))]
    public void A_value_converts(object? value, Type type, object? expected)
    {
        Assert.True(_converter.TryConvert(value, type, out var converted, out var problem), problem);
        Assert.Equal(ValueShape.Of(expected), ValueShape.Of(converted));
    }

    public static TheoryData<object?, Type, string> Problems => new()
    {
        { null, typeof(int), "Null" }, { "abc", typeof(int), "abc" }, { 300, typeof(byte), "Byte" }, { "x", typeof(DayOfWeek), "x" },
        { 42, typeof(DayOfWeek), "42" },
        { new object[] { 1, "b" }, typeof(int[]), "Element 1" }, { new Hashtable { ["X"] = 1 }, typeof(Point), "Y" },
        { new Hashtable { ["X"] = 1, ["Y"] = 2, ["Z"] = 3 }, typeof(Point), "Z" }, { new Hashtable { ["X"] = "q" }, typeof(Point), "X" },
        { new object(), typeof(int), "System.Object" }, { 1, typeof(Stream), "Stream" },
        { new SecretPlaceholder("SecureString"), typeof(System.Security.SecureString), "source input" },
        { new ValueSnapshot("My.Live", []), typeof(Line), "Run the node" }, { new ValueSnapshot("My.Live", []), typeof(Line[]), "My.Live" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void A_value_that_does_not_convert_says_why(object? value, Type type, string part)
    {
        Assert.False(_converter.TryConvert(value, type, out var converted, out var problem));
        Assert.Null(converted);
        Assert.Contains(part, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_are_found_without_case_and_exact_ones_first()
    {
        Assert.True(_converter.TryGetMember(new Hashtable { ["a"] = 1, ["A"] = 2 }, "A", out var value));
        Assert.Equal(2, value);
        Assert.True(_converter.TryGetMember(new Point(1, 2), "y", out value));
        Assert.Equal(2L, value);
        Assert.False(_converter.TryGetMember(new Point(1, 2), "z", out _));
    }
}
