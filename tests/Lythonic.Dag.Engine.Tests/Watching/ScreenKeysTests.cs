using Lythonic.Dag.Terminal;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Engine.Tests.Watching;

/// <summary>What the keys do that somebody presses who watches a run.</summary>
public sealed class ScreenKeysTests
{
    private readonly Queue<ConsoleKeyInfo> _typed = [];
    private readonly ScreenKeys _keys;

    public ScreenKeysTests() => _keys = new(() => _typed.Count > 0, _typed.Dequeue);

    [Theory]
    [InlineData("p", WatchWish.Pause)]
    [InlineData("ep", WatchWish.Pause)]
    [InlineData("eeP", WatchWish.Pause)]
    [InlineData("eq", WatchWish.Leave)]
    public void Both_screens_pause_the_run_and_leave(string typed, object expected)
    {
        Type(typed);
        var state = new ScreenState();
        WatchWish? wish = null;

        while (wish is null && _keys.TryRead(ref state, 0, out wish))
        {
        }

        Assert.Equal(expected, wish);
        Assert.Equal(typed.Count(key => key == 'e') % 2 == 1, state.ShowsErrors);
    }

    [Fact]
    public void A_screen_without_a_key_stays_as_it_is()
    {
        var state = new ScreenState(ShowsErrors: true, Error: 2);
        Assert.False(_keys.TryRead(ref state, 0, out var wish));
        Assert.Equal((null, new ScreenState(ShowsErrors: true, Error: 2)), (wish, state));
    }

    [Fact]
    public void Keys_that_are_left_over_do_not_reach_the_prompt()
    {
        Type("peq");

        _keys.Drop();

        Assert.Empty(_typed);
    }

    private void Type(string keys)
    {
        foreach (var key in keys)
            _typed.Enqueue(new ConsoleKeyInfo(key, Enum.Parse<ConsoleKey>($"{char.ToUpperInvariant(key)}"), false, false, false));
    }
}
