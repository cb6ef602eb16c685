using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>Records the node run of a composite node in the store.</summary>
/// <param name="composite">The node.</param>
internal sealed class CompositeRecord(CompositeExecution composite)
{
    private readonly RunExecution _run = composite.Run;
    private readonly RunSession _session = composite.Run.Session;
    private NodeRunHandle? _handle;

    /// <summary>When the attempt started.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>The earlier output that the node reuses, or the key by which later runs find its own; or <see langword="null"/>.</summary>
    public SubRunReuse? Reuse { get; set; }

    /// <summary>Records that another attempt begins.</summary>
    public void Reset() => _handle = null;

    /// <summary>Records that the attempt starts.</summary>
    /// <param name="input">The input of the node; <see langword="null"/> if none is stored.</param>
    public NodeRunHandle Start(IReadOnlyList<NodeInput>? input)
    {
        StartedAt = _session.Now();
        return _handle = _run.Waiting.Start(new NodeStart(composite.Node.Index, composite.Attempt, StartedAt, input));
    }

    /// <summary>Records how many elements there are.</summary>
    public void Count(int elements) => _session.Provenance.RecordElementCount(_handle!, elements);

    /// <summary>Records that the attempt waits, or goes on after a wait.</summary>
    /// <param name="waits">What it waits for; <see langword="null"/> if it goes on.</param>
    public void Wait(string? waits) => _session.Provenance.BeginNode(
        _handle!,
        new NodeStart(composite.Node.Index, composite.Attempt, _session.Now(), null)
        {
            Waits = waits,
            IsConditionMet = _run.Tally.IsConditionMet(composite.Node.Index),
        });

    /// <summary>Records that the attempt ended.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="output">The output of the node, if there is one.</param>
    /// <param name="error">The error of the node run, or <see langword="null"/>.</param>
    /// <param name="complete">Adds to the record of the end.</param>
    public void End(NodeStatus status, EncodedValue? output, string? error, Func<NodeEnd, NodeEnd> complete)
    {
        var handle = _handle ?? Start(null);
        var end = complete(new NodeEnd(status, _session.Now(), output, error, composite.Failures.Messages()));
        _session.Provenance.EndNode(handle, ElementReuse is { } reuse ? end with { Reuse = reuse.OfElements(end.FinishedAt) } : end);
    }

    // Only for a map whose elements are reused one by one.
    private NodeReuse? ElementReuse =>
        composite.Node.Settings.Reuse && composite.Node.HasElements && _session.Provenance.KeepsRuns
            && _session.Reuse.For(_run.Dag, composite.Node) is { Obstacle: null } reuse
            ? reuse
            : null;
}
