namespace Lythonic.Dag.Wiring;

/// <summary>The sub-DAGs of a composite node with their wiring resolved.</summary>
internal sealed class CompiledSubDags(CompiledDag? single, IReadOnlyList<KeyValuePair<string, CompiledDag>> branches)
{
    private readonly Dictionary<string, CompiledDag> _byKey = branches.ToDictionary(
        branch => branch.Key, branch => branch.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The one sub-DAG, or <see langword="null"/> if there are branches.</summary>
    public CompiledDag? Single { get; } = single;

    public IEnumerable<CompiledDag> All => Single is null ? _byKey.Values : [Single];

    /// <summary>
    /// The branch of a key, else the default branch, else <see langword="null"/>; with the key as it was given to the node.
    /// </summary>
    public (string Key, CompiledDag Dag)? Find(string key)
    {
        foreach (var candidate in (ReadOnlySpan<string>)[key, Lythonic.Dag.SubDags.DefaultBranch])
        {
            if (!_byKey.TryGetValue(candidate, out var dag))
                continue;
            return (branches.First(branch => branch.Key.Equals(candidate, StringComparison.OrdinalIgnoreCase)).Key, dag);
        }

        return null;
    }

    /// <summary>The one sub-DAG, or the one of a branch; <see langword="null"/> if there is no such branch.</summary>
    public CompiledDag? ForBranch(string? branch) => Single ?? (branch is null ? null : Find(branch)?.Dag);

    /// <summary>The branch keys, for messages.</summary>
    public IEnumerable<string> Keys => branches.Select(branch => branch.Key);
}
