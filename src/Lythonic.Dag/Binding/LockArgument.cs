namespace Lythonic.Dag.Binding;

/// <summary>Reads the argument of <c>-Lock</c>.</summary>
internal static class LockArgument
{
    /// <summary>Reads the locks of a node. The node itself checks that each has a name that a person can see.</summary>
    /// <param name="node">The node's label.</param>
    /// <param name="given">The argument.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: the argument names no lock.</exception>
    public static IReadOnlyList<string> Read(string node, string[]? given) => given is { Length: > 0 }
        ? given
        : throw new DagException(
            DagErrorId.DagNameInvalid,
            $"-Lock of node '{node}' names no lock.",
            node,
            "Give the name of a lock, such as -Lock warehouse, or leave -Lock out.");
}
