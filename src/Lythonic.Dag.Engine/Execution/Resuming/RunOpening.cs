using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Execution;

/// <summary>Opens a run in the store. If it must not overlap with others of its name, it waits for its turn.</summary>
internal static class RunOpening
{
    /// <summary>Opens a run.</summary>
    /// <param name="prepared">The run.</param>
    /// <param name="provenance">The store.</param>
    /// <param name="cancellationToken">Ends a wait for the turn: then nothing of the run remains.</param>
    /// <returns>The run, as it was decided last, and its handle.</returns>
    /// <exception cref="DagException">It cannot be opened, or is refused because another one of its name is live.</exception>
    public static async ValueTask<(PreparedRun Prepared, RunHandle Handle)> OpenAsync(
        PreparedRun prepared, DagProvenance provenance, CancellationToken cancellationToken)
    {
        if (prepared.Overlap == DagOverlap.Allow)
            return (prepared, prepared.Open(null));
        using var turn = provenance.AskTurn(prepared.Path, waits: prepared.Overlap == DagOverlap.Wait);
        while (true)
        {
            if (TryOpen(prepared, turn) is { } handle)
                return (prepared, handle);
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            prepared = prepared.Again?.Invoke() ?? prepared;
        }
    }

    private static RunHandle? TryOpen(PreparedRun prepared, RunTurn turn)
    {
        try
        {
            return prepared.Open(turn);
        }
        catch (DagException error) when (turn.Waits && error.Id == DagErrorId.DagRunOverlaps)
        {
            return null;
        }
    }
}
