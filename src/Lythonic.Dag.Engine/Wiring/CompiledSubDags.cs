namespace Lythonic.Dag.Wiring;

/// <summary>The sub-DAGs of a composite node with their wiring resolved.</summary>
internal sealed class CompiledSubDags(CompiledDag? single, IReadOnlyList<KeyValuePair<string, CompiledDag>> branches)
{
    private readonly Dictionary<string, CompiledDag> _byKey = branches.ToDictionary(
        branch => branch.Key, branch => branch.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The only sub-DAG, or <see langword="null"/> if there are branches.</summary>
    public CompiledDag? Single { get; } = single;

    public IEnumerable<CompiledDag> All => Single is null ? _byKey.Values : [Single];

    /// <summary>
    /// Finds the branch of a key, or else the default branch, with the key as the node declares it; <see langword="null"/> if there is
    /// neither.
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

    /// <summary>The only sub-DAG, or that of a branch; <see langword="null"/> if there is no such branch.</summary>
    public CompiledDag? ForBranch(string? branch) => Single ?? (branch is null ? null : Find(branch)?.Dag);

    /// <summary>The branch keys, for messages.</summary>
    public IEnumerable<string> Keys => branches.Select(branch => branch.Key);
}
