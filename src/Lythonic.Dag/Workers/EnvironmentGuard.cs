using System.Collections;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Puts environment variables back, which belong to the process and not to a runspace: calls that run at the same time see each other's
/// changes, and the last of those that may change them puts everything back.
/// </summary>
internal sealed class EnvironmentGuard
{
    private readonly object _gate = new();
    private IDictionary? _before;
    private int _inside;

    /// <summary>A call begins that may change variables.</summary>
    /// <returns>What ends it; only the first disposal counts.</returns>
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
