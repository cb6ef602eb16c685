namespace Lythonic.Dag.Execution;

/// <summary>Makes the errors of stored outputs that the nodes downstream cannot use.</summary>
internal static class StoredOutputErrors
{
    /// <summary>Reads the output of an upstream for a node.</summary>
    /// <param name="output">The output.</param>
    /// <param name="run">The run, or sub-run, of both nodes.</param>
    /// <param name="upstream">The position of the node that made the output.</param>
    /// <param name="label">The node that takes it.</param>
    /// <param name="wanted">The type that it takes, or <see langword="null"/>.</param>
    /// <exception cref="DagException">The stored form cannot be read; the error names both nodes.</exception>
    public static object? Read(NodeOutput output, RunExecution run, int upstream, string label, Type? wanted)
    {
        try
        {
            return output.ReadAs(run.Session, wanted);
        }
        catch (DagException error) when (error.Id == DagErrorId.DagValueNotRestorable)
        {
            throw NotRestorable(run, upstream, label, error.Message, error);
        }
    }

    /// <summary>The error of a stored output that a node cannot take.</summary>
    /// <param name="run">The run, or sub-run, of both nodes.</param>
    /// <param name="upstream">The position of the node that made the output.</param>
    /// <param name="label">The node that cannot take it.</param>
    /// <param name="problem">Why not.</param>
    /// <param name="inner">The cause, or <see langword="null"/>.</param>
    public static DagException NotRestorable(RunExecution run, int upstream, string label, string problem, Exception? inner = null) =>
        new(
            DagErrorId.DagValueNotRestorable,
            $"The stored output of node '{run.Dag.Nodes[upstream].Label}' cannot be what node '{label}' takes: {problem}",
            run.Dag.Nodes[upstream].Label,
            inner: inner)
        {
            Remedy = ReplayOf(run, upstream),
        };

    /// <summary>The error of a stored output that had a secret in it.</summary>
    /// <param name="run">The run, or sub-run, of both nodes.</param>
    /// <param name="upstream">The position of the node that made the output.</param>
    /// <param name="label">The node that cannot take it.</param>
    /// <param name="secret">The type of the secret.</param>
    public static DagException SecretLost(RunExecution run, int upstream, string label, string secret) =>
        NotRestorable(run, upstream, label, $"it had a {secret} in it, and a secret is never stored.");

    /// <summary>The error of a stored output that lacks parts.</summary>
    /// <param name="run">The run, or sub-run, of both nodes.</param>
    /// <param name="upstream">The position of the node that made the output.</param>
    /// <param name="label">The node that cannot take it.</param>
    public static DagException PartsLost(RunExecution run, int upstream, string label) =>
        NotRestorable(
            run, upstream, label,
            "objects in it lie on a cycle or too deep in others, and were not stored; the warning of the node that made it says where. "
                + "Return plain data from it.");

    // A sub-run is not replayed by itself, but with the composite node that it belongs to.
    private static DagRemedy ReplayOf(RunExecution run, int node)
    {
        var label = run.Dag.Nodes[node].Label;
        for (; run.Parent is { } composite; run = composite.Run)
            label = composite.Node.Label;
        return new(DagRemedyKind.ReplayNode)
        {
            RunId = run.Handle.RunId,
            Node = label,
            Database = run.Session.Provenance.Location,
        };
    }
}
