namespace Lythonic.Dag.Provenance;

/// <summary>
/// The turn of a root run that begins, or goes on, only while no other run of its name is live. Stores derive from it. Disposing of it
/// gives up its place among those that wait.
/// </summary>
public abstract class RunTurn : IDisposable
{
    /// <summary>Makes a turn.</summary>
    /// <param name="name">The name of the runs.</param>
    /// <param name="waits">Whether its holder waits where the turn has not come.</param>
    protected RunTurn(string name, bool waits) => (Name, Waits) = (name, waits);

    /// <summary>The name of the runs, which compares without case.</summary>
    public string Name { get; }

    /// <summary>Whether its holder waits where the turn has not come.</summary>
    public bool Waits { get; }

    /// <summary>Completes when the turn seems to have come: no other run of the name is live, and nobody alive has asked earlier.</summary>
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

    /// <summary>The error of a turn that has not come.</summary>
    /// <param name="runId">The run that is live.</param>
    /// <param name="owner">The process that works on it, for people.</param>
    protected DagException Overlap(string runId, string owner) => new(
        DagErrorId.DagRunOverlaps,
        $"The DAG '{Name}' is running already: its run {runId} is live, in {owner}.",
        runId) { Remedy = new DagRemedy(DagRemedyKind.WaitForTurn) };

    /// <summary>Gives up the place.</summary>
    /// <param name="disposing">Whether it is called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
