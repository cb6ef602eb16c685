namespace Lythonic.Dag.Provenance;

/// <summary>
/// A claim of a node to locks that all processes share that use the store. Stores derive from it. Disposing of it releases the locks, or
/// ends the wait for them.
/// </summary>
public abstract class LockClaim : IDisposable
{
    /// <summary>
    /// Takes all the locks if no live process holds one of them or asked for one earlier. Otherwise the claim gets a place in the order of
    /// asking.
    /// </summary>
    /// <returns>Whether the locks are held now.</returns>
    /// <exception cref="DagException">The store cannot be used.</exception>
    public abstract bool TryTake();

    /// <summary>Completes when the locks are held.</summary>
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

    /// <summary>Releases the locks. Never throws.</summary>
    /// <param name="disposing">Whether it is called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
