using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The locks of a node for one attempt. If a composite node around it holds them, the node only has to wait for other nodes inside that
/// one. Otherwise it first takes the locks of the process, and then, if the store keeps runs, those of the store. So only one node of a
/// process at a time asks the store, and when a node releases a lock, the next node of the process has it at once.
/// </summary>
internal sealed class NodeLocks
{
    /// <summary>How the text begins that says which locks a node waits for.</summary>
    public const string WaitsFor = "Waits for the lock";

    // Static, because they are the locks of the process.
    private static readonly LockQueue Process = new();

    private readonly LockQueue _queue;
    private readonly DagProvenance? _store;
    private readonly string[] _names;
    private LockTicket? _ticket;
    private LockClaim? _claim;
    private volatile bool _isHeld;

    public NodeLocks(RunExecution run, CompiledNode node)
    {
        _names = [.. node.Settings.Locks!.Select(name => name.ToUpperInvariant()).Distinct(StringComparer.Ordinal)];
        var around = Around(run);
        _queue = around ?? Process;
        _store = around is null ? run.Session.Provenance : null;
    }

    /// <summary>Whether the locks are held.</summary>
    public bool IsHeld => _isHeld;

    /// <summary>What the node waits for, as a text for people.</summary>
    public static string Wait(CompiledNode node) =>
        $"{WaitsFor}{(node.Settings.Locks!.Count == 1 ? "" : "s")} {LabelList.Join(node.Settings.Locks)}.";

    /// <summary>Takes all the locks as soon as nobody holds any of them.</summary>
    /// <param name="waits">Called if they are not free at once.</param>
    /// <param name="halted">Ends the wait.</param>
    /// <returns>Whether all locks are held. If not, the wait was ended and none is held.</returns>
    /// <exception cref="DagException">The store cannot be used.</exception>
    public async ValueTask<bool> TakeAsync(Action waits, CancellationToken halted)
    {
        try
        {
            var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ticket = _queue.Enter(Keys(), () => granted.TrySetResult());
            var hasWaited = !_ticket.IsGranted;
            if (hasWaited)
            {
                waits();
                await granted.Task.WaitAsync(halted).ConfigureAwait(false);
            }

            _claim = _store?.AskLocks(_names);
            if (_claim is not null && !_claim.TryTake())
            {
                if (!hasWaited)
                    waits();
                await _claim.WaitAsync(halted).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            Release();
            return false;
        }
        catch
        {
            Release();
            throw;
        }

        _isHeld = true;
        return true;
    }

    /// <summary>Releases the locks. Outside of the session's lock, because it writes to the store.</summary>
    public void Release()
    {
        _isHeld = false;
        Interlocked.Exchange(ref _claim, null)?.Dispose();
        if (Interlocked.Exchange(ref _ticket, null) is { } ticket)
            _queue.Leave(ticket);
    }

    // A node without provenance and one with a database exclude each other too. Nodes of two databases do not.
    private IEnumerable<(string Key, bool IsShared)> Keys()
    {
        var location = _store is { KeepsRuns: true } ? _store.Location : null;
        foreach (var name in _names)
        {
            yield return ($"\n{name}", location is not null);
            if (location is not null)
                yield return ($"{location}\n{name}", false);
        }
    }

    private static LockQueue? Around(RunExecution run)
    {
        for (var parent = run.Parent; parent is not null; parent = parent.Run.Parent)
        {
            if (parent.Locks is { } locks)
                return locks.Inside;
        }

        return null;
    }
}
