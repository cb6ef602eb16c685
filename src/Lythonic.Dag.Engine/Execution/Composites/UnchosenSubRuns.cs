using System.Collections.Concurrent;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The sub-runs of elements for which no branch could be chosen. They have nothing but an error. Thread-safe.
/// </summary>
internal sealed class UnchosenSubRuns(RunExecution run, CompiledNode node)
{
    private readonly ConcurrentDictionary<int, RunHandle> _handles = [];

    /// <summary>Records an element's failure in a sub-run of its own, or in the one that it has.</summary>
    /// <param name="element">The element.</param>
    /// <param name="stored">The stored sub-run of the element, or <see langword="null"/>.</param>
    /// <param name="failure">Why no branch was chosen.</param>
    public void Fail(MapElement element, StoredRun? stored, NodeFailure failure)
    {
        var (provenance, now) = (run.Session.Provenance, run.Session.Now());
        var handle = (stored ?? RemoveHandle(element.Ordinal)) is { } before
            ? provenance.ResumeRun(before, run.Handle, provenance.GetDefinition(before) ?? Fingerprints.Nothing(node.Label))
            : provenance.CreateRun(
                new RunStart(RunIds.OfSubRun(now), $"{run.Path}/{node.Label}[{element.Key}]", Fingerprints.Nothing(node.Label), now)
            {
                Parent = run.Handle,
                ParentNode = node.Label,
                ElementKey = element.Key,
                ElementId = element.Id,
                Ordinal = element.Ordinal,
            });
        provenance.EndRun(handle, new RunEnd(DagRunStatus.Failed, run.Session.Now(), null, failure.Message));
        if (run.KeepsUnfinished)
            _handles[element.Ordinal] = handle;
    }

    /// <summary>
    /// The sub-run of an element that failed before in this process, or <see langword="null"/>. It is given once: then the element goes on
    /// in it.
    /// </summary>
    public StoredRun? RemoveHandle(int ordinal) =>
        _handles.TryRemove(ordinal, out var handle) ? run.Session.Provenance.FindRun(handle.RunId) : null;
}
