namespace Lythonic.Dag;

/// <summary>
/// Checks locks inside composite nodes. A composite node holds its locks for the nodes inside it. These may name no other locks, because
/// nodes could then wait for each other for ever.
/// </summary>
internal static class NestedLocks
{
    /// <summary>What is wrong inside a node that holds locks, or <see langword="null"/>.</summary>
    public static DagProblem? Problem(DagNode node)
    {
        if (node.Settings.Locks is not { Count: > 0 } held)
            return null;
        var names = held.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Find(node, names, []) is not var (inner, other) ? null : new DagProblem(
            DagErrorId.DagLockNested,
            node.Label,
            $"The node '{inner.Label}' inside '{node.Label}' names the lock '{other}', "
                + $"and '{node.Label}' holds {LabelList.Join(held)} alone.",
            $"Let '{node.Label}' name that lock too, or leave it out inside.");
    }

    private static (DagNode Node, string Lock)? Find(DagNode around, HashSet<string> held, HashSet<Dag> seen)
    {
        foreach (var (_, dag) in around.SubDags!.All().Where(branch => seen.Add(branch.Dag)))
        {
            foreach (var node in dag.Nodes)
            {
                if (node.Settings.Locks?.FirstOrDefault(name => !held.Contains(name)) is { } other)
                    return (node, other);
                if (node.IsComposite && Find(node, held, seen) is { } found)
                    return found;
            }
        }

        return null;
    }
}
