using System.Collections;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Restores environment variables and the current directory, which belong to the process and not to a runspace. Calls that run at the
/// same time see each other's changes; when the last call that may change them has ended, all are restored.
/// </summary>
internal sealed class EnvironmentGuard
{
    private readonly object _gate = new();
    private IDictionary? _before;
    private string? _directory;
    private int _inside;

    /// <summary>Call this when a call that may change variables begins.</summary>
    /// <returns>An object to dispose of when the call ends. Only the first disposal counts.</returns>
    public IDisposable Enter()
    {
        lock (_gate)
        {
            if (_inside++ > 0)
                return new Stay(this);
            _before = Environment.GetEnvironmentVariables();
            _directory = CurrentDirectory();
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
            Restore(_directory);
        }
    }

    // The directory may be gone.
    private static string? CurrentDirectory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Restore(string? directory)
    {
        if (directory is null || CurrentDirectory() == directory)
            return;
        try
        {
            Environment.CurrentDirectory = directory;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The code has removed it.
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
