namespace Lythonic.Dag.Provenance;

/// <summary>
/// Locks that a node asks a store for, which holds them for all processes that use it. Stores derive from it. Disposing of it gives them
/// back, or ends the wait for them.
/// </summary>
public abstract class LockClaim : IDisposable
{
    /// <summary>Takes all of them, where nobody alive has any of them or has asked for one earlier. Otherwise it has its place.</summary>
    /// <returns>Whether they are held.</returns>
    /// <exception cref="DagException">The store cannot be used.</exception>
    public abstract bool TryTake();

    /// <summary>Completes when they are held.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="DagException">The store cannot be used.</exception>
    public abstract Task WaitAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives them back. Never throws.</summary>
    /// <param name="disposing">Whether it is called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
