using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;

namespace Tests;

/// <summary>Holds the thread of a worker at the moment at which its pipeline has ended, and nobody has been told yet.</summary>
public static class HeldEnd
{
    private static readonly ConcurrentDictionary<string, Hold> Holds = new();

    /// <summary>Holds the thread of this runspace when it becomes available, until it is let go.</summary>
    public static void At(Runspace runspace, string folder)
    {
        var hold = Holds[folder] = new();
        runspace.AvailabilityChanged += (_, change) =>
        {
            if (change.RunspaceAvailability == RunspaceAvailability.Available)
                hold.Wait();
        };
    }

    /// <summary>Lets it go.</summary>
    /// <returns>Whether the thread was held, and whether it was interrupted meanwhile.</returns>
    public static (bool WasHeld, bool WasInterrupted) LetGo(string folder) =>
        Holds.TryRemove(folder, out var hold) ? hold.Open() : (false, false);

    private sealed class Hold
    {
        private readonly TaskCompletionSource _gate = new();
        private readonly TaskCompletionSource<bool> _end = new();
        private volatile bool _isHeld;

        public void Wait()
        {
            _isHeld = true;
            try
            {
                _gate.Task.Wait();
                _end.TrySetResult(false);
            }
            catch (ThreadInterruptedException)
            {
                _end.TrySetResult(true);
            }
        }

        public (bool WasHeld, bool WasInterrupted) Open()
        {
            _gate.TrySetResult();
            return _isHeld ? (true, _end.Task.GetAwaiter().GetResult()) : (false, false);
        }
    }
}
