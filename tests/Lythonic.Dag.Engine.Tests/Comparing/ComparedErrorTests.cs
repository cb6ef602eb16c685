using Lythonic.Dag.Comparing;
using Xunit;

namespace Lythonic.Dag.Tests.Comparing;

public sealed class ComparedErrorTests
{
    private const string Run = "68d09c91-57ab-4269-bb9c-aded944e29ad";
    private const string Other = "0e1e72a4-4ad2-4c9b-9a4c-3d26b6ad6d0d";

    [Theory]
    [InlineData("no file\nAt /a.ps1:6 char:86\n+ throw 'no file'", "no file\nAt /a.ps1:9 char:2\n+ throw 'no file'")]
    [InlineData("IOException: no file\n   at A.B() in a.cs:line 3", "IOException: no file\r\n   at A.C() in a.cs:line 4")]
    [InlineData("The node 'a' timed out after 5 s.", "The node 'a' timed out after 5 s, in attempt 2.")]
    [InlineData($"no folder {Run}/in and {Run}", $"no folder {Other}/in and {Other}")]
    [InlineData("run 68D09C91 has no file", "run 0e1e72a4 has no file")]
    public void Errors_are_equal_that_differ_in_their_place_their_attempt_or_the_id_of_their_run(string one, string other) =>
        Assert.Equal(ComparedError.Of(one, [Run])?.Compared, ComparedError.Of(other, [Other])?.Compared);

    [Theory]
    [InlineData("line 77 has no date", "line 78 has no date")]
    [InlineData("no file\nand no folder", "no file")]
    [InlineData("no file at all", "no file")]
    [InlineData("It failed in attempt 2 of its own.", "It failed in attempt 3 of its own.")]
    public void All_else_that_an_error_says_is_compared(string one, string other) =>
        Assert.NotEqual(ComparedError.Of(one, [Run])?.Compared, ComparedError.Of(other, [Run])?.Compared);

    [Fact]
    public void An_error_is_shown_as_it_was_written_without_its_place() =>
        Assert.Equal($"no file in {Run}", ComparedError.Of($"no file in {Run}\nAt /a.ps1:6 char:86", [Run])?.Text);

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void No_text_is_no_error(string? text) => Assert.Null(ComparedError.Of(text, [Run]));
}
