using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>What an omitted node means for the nodes downstream of it.</summary>
internal static class Omission
{
    /// <summary>Says why a node whose upstreams are all done cannot run because one of them was omitted.</summary>
    /// <param name="dag">Its DAG.</param>
    /// <param name="node">The node.</param>
    /// <param name="state">Which nodes are omitted.</param>
    /// <returns>
    /// The reason; <see langword="null"/> if it runs: an omitted upstream that gives no data counts as done, and a list leaves it out.
    /// </returns>
    public static string? Cause(CompiledDag dag, CompiledNode node, RunState state)
    {
        if (!state.HasOmitted || node.IsSource)
            return null;
        bool IsOmitted(int upstream) => state[upstream] == NodeStatus.Omitted;
        if (node.SubDags is not null || (node.TakesPipelineValue && node.PipelineInput is null))
            return Array.TrueForAll(node.Upstreams, IsOmitted) ? Omitted(dag, node.Upstreams) : null;
        foreach (var binding in node.Inputs)
        {
            if (binding.Upstreams.Length > 0 && Array.TrueForAll(binding.Upstreams, IsOmitted))
                return Omitted(dag, binding.Upstreams);
        }

        return null;
    }

    private static string Omitted(CompiledDag dag, int[] upstreams) =>
        $"Not run: it needs the output of {string.Join(", ", upstreams.Select(upstream => $"'{dag.Nodes[upstream].Label}'"))}, which "
        + $"{(upstreams.Length == 1 ? "was" : "were all")} omitted.";
}
