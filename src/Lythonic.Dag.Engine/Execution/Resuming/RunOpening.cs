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
        using var turn = prepared.Overlap == DagOverlap.Allow
            ? null
            : provenance.AskTurn(prepared.Path, waits: prepared.Overlap == DagOverlap.Wait);
        while (true)
        {
            try
            {
                return (prepared, prepared.Open(turn));
            }
            catch (DagException error) when (turn is { Waits: true } && error.Id == DagErrorId.DagRunOverlaps)
            {
                await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DagException error) when (prepared.Again is not null && error.Id == DagErrorId.DagRunNotFound)
            {
                // Somebody has removed the run that was to go on.
            }

            prepared = prepared.Again?.Invoke() ?? prepared;
        }
    }
}
