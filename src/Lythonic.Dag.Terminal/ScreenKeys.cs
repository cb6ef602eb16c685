using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Terminal;

/// <summary>The keys that a user presses while a screen is shown.</summary>
/// <param name="isWaiting">Whether a key waits to be read.</param>
/// <param name="read">Reads a key without showing it.</param>
internal sealed class ScreenKeys(Func<bool> isWaiting, Func<ConsoleKeyInfo> read)
{
    /// <summary>The keys of this process's console; none if its input is redirected.</summary>
    public static ScreenKeys OfConsole() => Console.IsInputRedirected
        ? new(() => false, () => default)
        : new(() => Console.KeyAvailable, () => Console.ReadKey(intercept: true));

    /// <summary>Reads the next key.</summary>
    /// <param name="state">The state of the screen, which the key may change.</param>
    /// <param name="shown">How many rows are scrolled away on the screen now.</param>
    /// <param name="wish">What the user asks for, on the screen of errors too; or <see langword="null"/>.</param>
    /// <returns>Whether there was a key.</returns>
    public bool TryRead(ref ScreenState state, int shown, out WatchWish? wish)
    {
        wish = null;
        if (!isWaiting())
            return false;
        var key = read();
        wish = char.ToLowerInvariant(key.KeyChar) switch
        {
            'q' => WatchWish.Leave,
            'p' => WatchWish.Pause,
            _ => null,
        };
        if (wish is null)
            state = state.Press(key.Key, shown);
        return true;
    }

    /// <summary>Drops the keys that wait: what was typed for the screen is not meant for the prompt behind it.</summary>
    public void Drop()
    {
        while (isWaiting())
            _ = read();
    }
}
