using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Whose turn it is among calls that were sent together, whichever news of them comes, and whenever it comes.</summary>
public sealed class CallsInTurnTests
{
    private readonly List<string> _begun = [];
    private readonly CallsInTurn<string> _calls;

    public CallsInTurnTests()
    {
        _calls = new(_begun.Add);
        _calls.Begin(["a", "b", "c", "d"]);
    }

    [Fact]
    public void The_turn_of_each_comes_with_the_completion_of_the_one_before()
    {
        Assert.Equal(["a", "b", "c", "d", null], new[] { true, true, true, true, true }.Select(_calls.Complete));
        Assert.Equal(["a", "b", "c", "d"], _begun);
        Assert.Equal(((string?)null, 0), Closed());
    }

    [Fact]
    public void One_that_is_not_followed_is_the_last_and_those_behind_it_did_not_begin()
    {
        _calls.Complete(true);
        Assert.Equal("b", _calls.Complete(false));

        Assert.Null(_calls.Complete(true));
        Assert.Equal(["a", "b"], _begun);
        var (underWay, behind) = _calls.Close();
        Assert.Null(underWay);
        Assert.Equal(["c", "d"], behind);
    }

    [Fact]
    public void What_is_heard_too_late_does_not_count()
    {
        _calls.Complete(true);
        var (underWay, behind) = _calls.Close();

        Assert.Null(_calls.Complete(true));
        Assert.Null(_calls.Cut(2));
        Assert.Equal("b", underWay);
        Assert.Equal(["c", "d"], behind);
        Assert.Equal(["a", "b"], _begun);
    }

    [Fact]
    public void Those_behind_a_long_one_leave_and_results_that_come_after_that_news_still_count()
    {
        var (last, behind) = _calls.Cut(2)!.Value;

        Assert.Equal("b", last);
        Assert.Equal(["c", "d"], behind);
        Assert.Equal("a", _calls.Complete(true));
        Assert.Equal("b", _calls.Complete(false));
        Assert.Equal(["a", "b"], _begun);
        Assert.Equal(((string?)null, 0), Closed());
    }

    [Fact]
    public void Where_nothing_is_behind_a_long_one_nothing_leaves()
    {
        Assert.Null(_calls.Cut(4));
        Assert.Equal(("a", 3), Closed());
    }

    private (string? UnderWay, int Behind) Closed()
    {
        var (underWay, behind) = _calls.Close();
        return (underWay, behind.Count);
    }
}
