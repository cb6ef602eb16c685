using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>The node run of a composite node, as the store has it.</summary>
/// <param name="composite">The node.</param>
internal sealed class CompositeRecord(CompositeExecution composite)
{
    private readonly RunExecution _run = composite.Run;
    private readonly RunSession _session = composite.Run.Session;
    private NodeRunHandle? _handle;

    /// <summary>When the attempt started.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>The earlier output that it takes over, or the key by which later runs find its own; or <see langword="null"/>.</summary>
    public SubRunReuse? Reuse { get; set; }

    /// <summary>Another attempt begins.</summary>
    public void Reset() => _handle = null;

    /// <summary>The attempt starts.</summary>
    /// <param name="input">What it is given; <see langword="null"/> if none is stored.</param>
    public NodeRunHandle Start(IReadOnlyList<NodeInput>? input)
    {
        StartedAt = _session.Now();
        return _handle = _run.Waiting.Start(new NodeStart(composite.Node.Index, composite.Attempt, StartedAt, input));
    }

    /// <summary>It is known how many elements there are.</summary>
    public void Count(int elements) => _session.Provenance.RecordElementCount(_handle!, elements);

    /// <summary>The attempt waits, or goes on after a wait.</summary>
    /// <param name="waits">What for; <see langword="null"/> if it goes on.</param>
    public void Wait(string? waits) => _session.Provenance.BeginNode(
        _handle!,
        new NodeStart(composite.Node.Index, composite.Attempt, _session.Now(), null)
        {
            Waits = waits,
            IsConditionMet = _run.Tally.IsConditionMet(composite.Node.Index),
        });

    /// <summary>The attempt ended.</summary>
    /// <param name="status">How.</param>
    /// <param name="output">What the node gave, where it did.</param>
    /// <param name="error">What is said of it, or <see langword="null"/>.</param>
    /// <param name="complete">Adds to that.</param>
    public void End(NodeStatus status, EncodedValue? output, string? error, Func<NodeEnd, NodeEnd> complete)
    {
        var handle = _handle ?? Start(null);
        var end = complete(new NodeEnd(status, _session.Now(), output, error, composite.Failures.Messages()));
        _session.Provenance.EndNode(handle, ElementReuse is { } reuse ? end with { Reuse = reuse.OfElements(end.FinishedAt) } : end);
    }

    // Of a map whose elements are compared with those of other runs.
    private NodeReuse? ElementReuse =>
        composite.Node.Settings.Reuse && composite.Kind.IsOverElements && _session.Provenance.KeepsRuns
            && _session.Reuse.Of(_run.Dag, composite.Node) is { Obstacle: null } reuse
            ? reuse
            : null;
}
