namespace Lythonic.Dag;

/// <summary>A node of a DAG: a label, and code to run or sub-DAGs. Immutable.</summary>
public sealed class DagNode
{
    /// <summary>A node that runs code.</summary>
    /// <param name="label">The node's unique name in its DAG; compares without case.</param>
    /// <param name="code">The code to run.</param>
    /// <param name="settings">The rest, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="DagException">
    /// <see cref="DagErrorId.DagNameInvalid"/>: the label is empty or blank;
    /// <see cref="DagErrorId.DagTypeMismatch"/>: a setting cannot be used.
    /// </exception>
    public DagNode(string label, NodeCode code, NodeSettings? settings = null)
        : this(label, (code ?? throw new ArgumentNullException(nameof(code))).Kind, settings) => Code = code;

    private DagNode(string label, NodeKind kind, NodeSettings? settings)
    {
        Label = NameRule.Require(label, "A node", "Give the node a name.");
        Kind = kind;
        Settings = settings ?? new NodeSettings();
        if (Settings.Timeout <= TimeSpan.Zero)
            throw Unusable("a timeout", "more than zero");
        if (Settings.Retry.Delay < TimeSpan.Zero)
            throw Unusable("a wait before a retry", "zero or more");
        RequirePlace();
        foreach (var name in Settings.Locks ?? [])
            NameRule.Require(name, $"A lock of node '{Label}'", "Give each lock a name.");
    }

    /// <summary>The node's unique name in its DAG.</summary>
    public string Label { get; }

    /// <summary>The kind of node.</summary>
    public NodeKind Kind { get; }

    /// <summary>The code of the node, or <see langword="null"/> for a composite node.</summary>
    public NodeCode? Code { get; private init; }

    /// <summary>The sub-DAGs of a composite node, or <see langword="null"/>.</summary>
    public SubDags? SubDags { get; private init; }

    /// <summary>The settings of the node.</summary>
    public NodeSettings Settings { get; }

    /// <summary>Whether the node runs sub-DAGs.</summary>
    public bool IsComposite => SubDags is not null;

    /// <summary>A node that runs a sub-DAG for each element of its upstream's output.</summary>
    /// <param name="label">The node's unique name.</param>
    /// <param name="subDags">The sub-DAG, or the branches that elements are routed to.</param>
    /// <param name="settings">The rest, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: a setting cannot be used.</exception>
    public static DagNode Map(string label, SubDags subDags, NodeSettings? settings = null) =>
        Composite(label, NodeKind.Map, subDags, settings);

    /// <summary>A node that runs a sub-DAG once, on its upstream's output.</summary>
    /// <param name="label">The node's unique name.</param>
    /// <param name="dag">The sub-DAG.</param>
    /// <param name="settings">The rest, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: a setting cannot be used.</exception>
    public static DagNode Call(string label, Dag dag, NodeSettings? settings = null) =>
        Composite(label, NodeKind.Call, new SubDags(dag), settings);

    /// <summary>A node that runs the branch that its upstream's output picks.</summary>
    /// <param name="label">The node's unique name.</param>
    /// <param name="subDags">The branches.</param>
    /// <param name="settings">The rest, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: a setting cannot be used.</exception>
    public static DagNode Switch(string label, SubDags subDags, NodeSettings? settings = null) =>
        Composite(label, NodeKind.Switch, subDags, settings);

    /// <inheritdoc/>
    public override string ToString() => Label;

    /// <summary>The same node without its condition, which runs after any end of its upstreams.</summary>
    internal DagNode Unconditional() => Settings is { If: null, IsClosing: false }
        ? this
        : new(Label, Kind, Settings with { If = null, When = NodeWhen.Succeeded }) { Code = Code, SubDags = SubDags };

    /// <summary>The same node with other code in the place of each of its pieces.</summary>
    /// <param name="adapt">Gives the code for a piece.</param>
    internal DagNode WithCode(Func<NodeCode, NodeCode> adapt)
    {
        NodePredicate? Adapted(NodePredicate? predicate) => predicate is null ? null : new(adapt(predicate.Code));

        var settings = Settings with
        {
            If = Adapted(Settings.If),
            Retry = Settings.Retry with { On = Adapted(Settings.Retry.On) },
            Hosts = Settings.Hosts is { Chooser: { } chooser } hosts ? NodeHosts.ChosenBy(Adapted(chooser)!, hosts.Read!) : Settings.Hosts,
        };
        return new(Label, Kind, settings)
        {
            Code = Code is null ? null : adapt(Code),
            SubDags = SubDags is { By: { } by } ? new SubDags(SubDags.Branches, Adapted(by)) : SubDags,
        };
    }

    private DagException Unusable(string what, string must) =>
        new(DagErrorId.DagTypeMismatch,
            $"The node '{Label}' has {what} that cannot be used: it must be {must}.", Label, "Give a timespan, or a number of seconds.");

    private void RequirePlace()
    {
        if (Settings.Hosts is not null && (Settings.Inline || Kind == NodeKind.Method))
            throw new DagException(
                DagErrorId.DagTypeMismatch,
                $"The node '{Label}' {(Settings.Inline ? "is inline" : "calls a .NET method")} and names hosts: it can run here alone.",
                Label,
                Settings.Inline ? "Let it run inline or on hosts, not both." : "Name no hosts, or call the method in a scriptblock.");
        if (Settings.Batch is not null && !Kind.HasElements())
            throw new DagException(
                DagErrorId.DagTypeMismatch,
                $"The node '{Label}' has batches and is no map node: it has no elements to group.",
                Label,
                "Leave the batches out, or use a map node.");
    }

    private static DagNode Composite(string label, NodeKind kind, SubDags subDags, NodeSettings? settings)
    {
        ArgumentNullException.ThrowIfNull(subDags);
        return new(label, kind, settings) { SubDags = subDags };
    }
}
