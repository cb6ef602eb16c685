namespace Lythonic.Dag.Provenance;

/// <summary>
/// The turn of a root run that may begin or be restarted only while no other run of its name is live. Stores derive from it. Disposing of
/// it gives up its place in the order of asking.
/// </summary>
public abstract class RunTurn : IDisposable
{
    /// <summary>Makes a turn.</summary>
    /// <param name="name">The name of the runs.</param>
    /// <param name="waits">Whether the holder waits if the turn has not come.</param>
    protected RunTurn(string name, bool waits) => (Name, Waits) = (name, waits);

    /// <summary>The name of the runs. Names compare without case.</summary>
    public string Name { get; }

    /// <summary>Whether the holder waits if the turn has not come.</summary>
    public bool Waits { get; }

    /// <summary>
    /// Completes when the turn seems to have come: no other run of the name is live, and no live process asked earlier. The store checks it
    /// again when the run begins.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="DagException">The store cannot be read.</exception>
    public abstract Task WaitAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the error for a turn that has not come.</summary>
    /// <param name="runId">The id of the run that is live.</param>
    /// <param name="owner">The process that works on that run, for people.</param>
    protected DagException Overlap(string runId, string owner) => new(
        DagErrorId.DagRunOverlaps,
        $"The DAG '{Name}' is running already: its run {runId} is live, in {owner}.",
        runId) { Remedy = new DagRemedy(DagRemedyKind.WaitForTurn) };

    /// <summary>Gives up the place in the order of asking.</summary>
    /// <param name="disposing">Whether it is called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
