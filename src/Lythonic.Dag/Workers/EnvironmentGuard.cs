using System.Collections;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Restores environment variables, which belong to the process and not to a runspace. Calls that run at the same time see each other's
/// changes; when the last call that may change them has ended, all variables are restored.
/// </summary>
internal sealed class EnvironmentGuard
{
    private readonly object _gate = new();
    private IDictionary? _before;
    private int _inside;

    /// <summary>Call this when a call that may change variables begins.</summary>
    /// <returns>An object to dispose of when the call ends. Only the first disposal counts.</returns>
    public IDisposable Enter()
    {
        lock (_gate)
        {
            if (_inside++ == 0)
                _before = Environment.GetEnvironmentVariables();
        }

        return new Stay(this);
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_inside > 0)
                return;
            Restore(_before!);
            _before = null;
        }
    }

    private static void Restore(IDictionary before)
    {
        var after = Environment.GetEnvironmentVariables();
        foreach (DictionaryEntry now in after)
        {
            if (!before.Contains(now.Key))
                Environment.SetEnvironmentVariable((string)now.Key, null);
        }

        foreach (DictionaryEntry then in before)
        {
            if (!Equals(after[then.Key], then.Value))
                Environment.SetEnvironmentVariable((string)then.Key, (string?)then.Value);
        }
    }

    private sealed class Stay(EnvironmentGuard guard) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                guard.Leave();
        }
    }
}
