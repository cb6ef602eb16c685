namespace Lythonic.Dag.Wiring;

/// <summary>Says of a parameter that refused its value which upstreams the value came from.</summary>
internal static class InputOrigin
{
    /// <summary>
    /// A sentence; <see langword="null"/> if the value came from no upstream, or if there is only one.
    /// </summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="node">The node.</param>
    /// <param name="parameter">The name of the parameter.</param>
    public static string? Of(CompiledDag dag, CompiledNode node, string parameter)
    {
        if (node.IsOverridden || node.Upstreams.Length < 2
            || Array.Find(node.Inputs, input => input.Parameter.GoesBy(parameter)) is not { Upstreams: { Length: > 0 } taken } input)
            return null;
        string Labels(IEnumerable<int> nodes) => LabelList.Join(nodes.Select(upstream => dag.Nodes[upstream].Label));
        var rest = node.Upstreams.Where(upstream => !Array.Exists(node.Inputs, other => other.Upstreams.Contains(upstream))).ToList();
        return $"'{input.Parameter.Name}' "
            + (taken.Length > 1 ? $"is a list of the outputs of {Labels(taken)}"
                : input.IsFanIn ? $"is a list of the one output of {Labels(taken)}"
                : $"is the output of {Labels(taken)}")
            + (rest.Count == 0 ? "." : $"; {Labels(rest)} only {(rest.Count == 1 ? "comes" : "come")} before.");
    }
}
