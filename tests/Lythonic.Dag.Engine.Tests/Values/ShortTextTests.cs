using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class ShortTextTests
{
    public static TheoryData<object?, string> Values => new()
    {
        { 24.0, "24" },
        { -0.5, "-0.5" },
        { 24, "24" },
        { 1e30, "1E+30" },
        { 24.0m, "24.0" },
        { new object[] { 1.0, 2.0m, 3L }, "1, 2.0, 3" },
        { new Dictionary<string, object?> { ["a"] = 1.0f }, "@{a=1}" },
        { "/srv/data/archive/customers/2026/november/incoming/batch-7/part-1.csv",
            "…/customers/2026/november/incoming/batch-7/part-1.csv" },
        { "in/customers/2026/november/incoming-from-the-partner/part-1.csv", "…/2026/november/incoming-from-the-partner/part-1.csv" },
        { "/srv/data/archive, /srv/data/customers and a sentence that goes on and on",
            "/srv/data/archive, /srv/data/customers and a sentence that …" },
        { new object[] { "/srv/data/archive/customers/2026/november", "/srv/data" },
            "/srv/data/archive/customers/2026/november, /srv/data" },
        { new object[] { "/srv/data/archive/customers/2026/november", "/srv/data/archive/customers" },
            "/srv/data/archive/customers/2026/november, /srv/data/archiv…" },
        { new object[] { TimeSpan.FromSeconds(81), new DateTime(2026, 5, 5) }, "1 min 21 s, 2026-05-05" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Values_are_shown_as_people_read_them(object? value, string expected) =>
        Assert.Equal(expected, ShortText.Render(value, new JsonValueCodec()));
}
