namespace Lythonic.Dag;

/// <summary>Where the code of a node, or of a composite node's elements, runs: <c>-On</c>. Immutable.</summary>
public sealed class NodeHosts
{
    private NodeHosts(IReadOnlyList<HostSpec> fixedHosts, NodePredicate? chooser, Func<object?, IReadOnlyList<HostSpec>>? read) =>
        (Fixed, Chooser, Read) = (fixedHosts, chooser, read);

    /// <summary>The hosts that were named; empty if a scriptblock chooses.</summary>
    public IReadOnlyList<HostSpec> Fixed { get; }

    /// <summary>
    /// The code that chooses the hosts, or <see langword="null"/>. It sees an element, or the upstream output, as <c>$_</c>. It runs in
    /// this process, and again on a restart.
    /// </summary>
    public NodePredicate? Chooser { get; }

    /// <summary>Makes hosts of what <see cref="Chooser"/> returned; throws a <see cref="DagException"/> if that names none.</summary>
    public Func<object?, IReadOnlyList<HostSpec>>? Read { get; }

    /// <summary>Runs the code on any of these hosts that has a free slot.</summary>
    /// <param name="hosts">At least one; their names differ.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: there is none, or one has no slot.</exception>
    public static NodeHosts Of(IReadOnlyList<HostSpec> hosts)
    {
        Require(hosts);
        return new([.. hosts], null, null);
    }

    /// <summary>Lets code choose the host or hosts for each element.</summary>
    /// <param name="chooser">The code.</param>
    /// <param name="read">Makes hosts of what it returned.</param>
    public static NodeHosts ChosenBy(NodePredicate chooser, Func<object?, IReadOnlyList<HostSpec>> read)
    {
        ArgumentNullException.ThrowIfNull(chooser);
        ArgumentNullException.ThrowIfNull(read);
        return new([], chooser, read);
    }

    /// <summary>Checks hosts that were named or chosen.</summary>
    internal static void Require(IReadOnlyList<HostSpec> hosts)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        if (hosts.Count == 0)
            throw new DagException(DagErrorId.DagNameInvalid, "No host is named.", null, "Name one host at least.");
        if (hosts.FirstOrDefault(host => host.Slots < 1) is { } none)
            throw new DagException(
                DagErrorId.DagNameInvalid,
                $"The host '{none.Name}' has {none.Slots} slots: nothing could run on it.",
                none.Name,
                "Give a host one slot at least.");
    }
}
