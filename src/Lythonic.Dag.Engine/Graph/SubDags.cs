namespace Lythonic.Dag;

/// <summary>What a composite node runs: one sub-DAG, or one of several branches.</summary>
public sealed class SubDags
{
    /// <summary>One sub-DAG.</summary>
    /// <param name="single">The sub-DAG; it has one source and one sink.</param>
    public SubDags(Dag single)
    {
        ArgumentNullException.ThrowIfNull(single);
        Single = single;
        Branches = [];
    }

    /// <summary>Several branches.</summary>
    /// <param name="branches">The sub-DAGs by branch key, in order. Keys compare without case. <c>default</c> is used for keys that no
    /// other branch has.</param>
    /// <param name="by">Picks the branch, or <see langword="null"/> if the value carries it.</param>
    public SubDags(IEnumerable<KeyValuePair<string, Dag>> branches, NodePredicate? by = null)
    {
        ArgumentNullException.ThrowIfNull(branches);
        Branches = branches.ToArray();
        By = by;
    }

    /// <summary>The key of the branch that is used for keys that no other branch has.</summary>
    public const string DefaultBranch = "default";

    /// <summary>The one sub-DAG, or <see langword="null"/> if there are branches.</summary>
    public Dag? Single { get; }

    /// <summary>The branches, in the order in which they were given; empty if there is one sub-DAG.</summary>
    public IReadOnlyList<KeyValuePair<string, Dag>> Branches { get; }

    /// <summary>The code that picks the branch, or <see langword="null"/> if the value carries it.</summary>
    public NodePredicate? By { get; }

    /// <summary>Every sub-DAG, with the branch key or <see langword="null"/>.</summary>
    public IEnumerable<(string? Branch, Dag Dag)> All() =>
        Single is not null ? [(null, Single)] : Branches.Select(branch => ((string?)branch.Key, branch.Value));
}
