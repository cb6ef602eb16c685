using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Compares the inputs of a node that runs code with those of earlier node runs, before an attempt runs the code.</summary>
internal sealed class LeafReuse
{
    private readonly RunExecution _run;
    private readonly CompiledNode _node;
    private readonly NodeReuse _reuse;
    private readonly IReadOnlyList<NodeInput> _inputs;
    private readonly ReuseRecord _record;
    private bool _isSame = true;

    private LeafReuse(RunExecution run, CompiledNode node, NodeReuse reuse, IReadOnlyList<NodeInput> inputs, ReuseRecord record)
    {
        (_run, _node, _reuse, _inputs, _record) = (run, node, reuse, inputs, record);
        Found = NodeReuse.Find(run, node, record);
    }

    /// <summary>The candidate, or <see langword="null"/> if the code has to run.</summary>
    public StoredReuse? Found { get; }

    /// <summary>What is compared.</summary>
    public ReuseRecord Record => _record;

    /// <summary>Compares; <see langword="null"/> if nothing can be compared or runs are not kept.</summary>
    /// <param name="run">The run.</param>
    /// <param name="node">The node.</param>
    /// <param name="host">The host that the output depends on; or <see langword="null"/>.</param>
    /// <param name="obstacle">Why it cannot be compared, as the rest of a sentence that begins with "it".</param>
    public static LeafReuse? Compare(RunExecution run, CompiledNode node, string? host, out string? obstacle)
    {
        obstacle = null;
        if (!run.Session.Provenance.KeepsRuns || run.Limits.IsInClosing)
            return null;
        var reuse = run.Session.Reuse.For(run.Dag, node);
        obstacle = reuse.Obstacle;
        if (obstacle is null && Inputs(run, node) is { } inputs
            && reuse.Compare(run.Session, inputs, host, out obstacle) is { } record)
            return new(run, node, reuse, inputs, record);
        if (obstacle is not null)
            reuse.Tell(run, node, obstacle);
        return null;
    }

    /// <summary>Posts to the store that the node reuses the output that was found.</summary>
    /// <param name="attempt">The attempt that is not needed.</param>
    public (NodeOutput Output, NodeResult Result) Skip(int attempt)
    {
        var (found, now) = (Found!, _run.Session.Now());
        var handle = _run.Waiting.Start(new NodeStart(_node.Index, attempt, now, _inputs));
        var output = NodeOutput.Stored(found.Output, _node);
        _run.Session.Provenance.EndNode(
            handle,
            new NodeEnd(NodeStatus.Skipped, now, found.Output) { ReusedFrom = found.RanIn, Reuse = NodeReuse.Again(_record, found) });
        _run.Release(_node, _run.WarningsOf(_node));
        return (output, new(_node.Label, _node.Kind, NodeStatus.Skipped, attempt, now, now, null) { ReusedFrom = found.RanIn });
    }

    /// <summary>Checks the inputs that the code got: if they differ from those that were compared, its output may not be reused.</summary>
    public void Begin(IReadOnlyList<NodeInput> inputs) =>
        _isSame = inputs.Count == _inputs.Count && inputs.Zip(_inputs).All(pair => AreSame(pair.First.Value, pair.Second.Value));

    /// <summary>The record that is kept with the completed node run; <see langword="null"/> if its output may not be reused.</summary>
    public ReuseRecord? Keep(EncodedValue output, ErrorCounts errors, DateTimeOffset finishedAt)
    {
        if (!_isSame)
            return null;
        if (NodeReuse.WhyNotKept(_run.Session, output, errors) is not { } obstacle)
            return _record with { RanAt = finishedAt };
        _reuse.Tell(_run, _node, obstacle);
        return null;
    }

    // If an input cannot be read or stored, the attempt itself fails and reports it.
    private static IReadOnlyList<NodeInput>? Inputs(RunExecution run, CompiledNode node)
    {
        try
        {
            var reader = new InputReader(run, node, run.WarningsOf(node));
            return reader.Encode(reader.Read());
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static bool AreSame(EncodedValue one, EncodedValue other) =>
        ReferenceEquals(one, other) || (TextFingerprint.Compute(one) is { } fingerprint && fingerprint == TextFingerprint.Compute(other));
}
