namespace Lythonic.Dag.Terminal;

/// <summary>The state of the screen that the user has set.</summary>
/// <param name="Offset">How many rows are scrolled away; <see langword="null"/> to follow what runs.</param>
/// <param name="ShowsErrors">Whether an error is shown in full.</param>
/// <param name="Error">Which error, from 0.</param>
/// <param name="ErrorOffset">How many lines of it are scrolled away.</param>
internal sealed record ScreenState(int? Offset = null, bool ShowsErrors = false, int Error = 0, int ErrorOffset = 0)
{
    private const int Page = 10;

    /// <summary>The state after a key; the same state if the key has no meaning.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shown">How many rows are scrolled away on the screen now.</param>
    public ScreenState Press(ConsoleKey key, int shown) => key switch
    {
        ConsoleKey.E => this with { ShowsErrors = !ShowsErrors, ErrorOffset = 0 },
        ConsoleKey.Escape or ConsoleKey.Enter when ShowsErrors => this with { ShowsErrors = false },
        ConsoleKey.RightArrow when ShowsErrors => this with { Error = Error + 1, ErrorOffset = 0 },
        ConsoleKey.LeftArrow when ShowsErrors => this with { Error = Math.Max(0, Error - 1), ErrorOffset = 0 },
        ConsoleKey.UpArrow => Scroll(shown, -1),
        ConsoleKey.DownArrow => Scroll(shown, 1),
        ConsoleKey.PageUp => Scroll(shown, -Page),
        ConsoleKey.PageDown => Scroll(shown, Page),
        ConsoleKey.Home => Scroll(0, 0),
        ConsoleKey.End => Scroll(int.MaxValue / 2, 0),
        ConsoleKey.Escape => this with { Offset = null },
        _ => this,
    };

    private ScreenState Scroll(int from, int by) => ShowsErrors
        ? this with { ErrorOffset = Math.Max(0, from + by) }
        : this with { Offset = Math.Max(0, from + by) };
}
