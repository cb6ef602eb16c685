namespace Lythonic.Dag.Engine.Tests.Errors;

public sealed class NearNameTests
{
    [Theory]
    [InlineData("fecth", "fetch")]
    [InlineData("fetc", "fetch")]
    [InlineData("FETCHS", "fetch")]
    [InlineData("dwonloda", "download")]
    [InlineData("sat", "set")]
    public void A_letter_or_two_that_differ_are_a_slip(string written, string meant) =>
        Assert.Equal(meant, NearName.Of(written, ["parse", "fetch", "download", "set"]));

    [Theory]
    [InlineData("fetch")]
    [InlineData("patch")]
    [InlineData("c")]
    [InlineData("downloader2")]
    [InlineData("")]
    public void Another_name_is_none(string written) => Assert.Null(NearName.Of(written, ["fetch", "download", "a"]));

    [Fact]
    public void The_nearest_name_wins() => Assert.Equal("report", NearName.Of("repport", ["reports", "report"]));
}
