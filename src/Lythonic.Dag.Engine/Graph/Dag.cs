namespace Lythonic.Dag;

/// <summary>
/// A directed acyclic graph of nodes. Built once, by <see cref="Add(DagNode, IEnumerable{string})"/> and <see cref="Connect"/>, then run
/// any number of times. Labels compare without case. Not thread-safe while it is being built.
/// </summary>
public sealed class Dag
{
    private readonly List<DagNode> _nodes = [];
    private readonly List<DagEdge> _edges = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(int From, int To, string? Parameter)> _edgeSet = [];
    private readonly HashSet<int> _hasUpstream = [];

    /// <summary>An empty DAG.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">A description for people, or <see langword="null"/>.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: the name is empty or blank.</exception>
    public Dag(string name, string? description = null)
    {
        Name = NameRule.Require(name, "A DAG", "Give the DAG a name.");
        Description = description;
        Nodes = new LabelledList<DagNode>(_nodes, label => _index.TryGetValue(label, out var index) ? _nodes[index] : null);
    }

    /// <summary>The name. Runs are found by it.</summary>
    public string Name { get; }

    /// <summary>A description for people, or <see langword="null"/>.</summary>
    public string? Description { get; }

    /// <summary>
    /// Whether an error that a node's code only writes fails the node, in this DAG and in the sub-DAGs that it runs. The engine passes it
    /// to the invoker with each call, and the invoker gives it its meaning. It is part of the definition of every node.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>
    /// How many completed runs to keep. Each time a run completes, older completed runs beyond this number are removed.
    /// <see langword="null"/> keeps all.
    /// </summary>
    public int? KeepLast { get; init; }

    /// <summary>The nodes in the order in which they were added, by position or by label.</summary>
    public LabelledList<DagNode> Nodes { get; }

    /// <summary>The edges, in the order in which they were added.</summary>
    public IReadOnlyList<DagEdge> Edges => _edges;

    /// <summary>
    /// What the host keeps with the DAG, such as functions and variables of a session. The engine uses only what it says of the DAG as a
    /// sub-DAG, as an <c>ICodeScope</c>.
    /// </summary>
    public object? Host { get; set; }

    /// <summary>Gets the node with a label.</summary>
    /// <param name="label">The label.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNodeNotFound"/>: there is no such node.</exception>
    public DagNode this[string label] => _nodes[IndexOf(label)];

    /// <summary>Whether there is a node with this label.</summary>
    /// <param name="label">The label.</param>
    public bool Contains(string label) => label is not null && _index.ContainsKey(label);

    /// <summary>Adds a node, with edges from other nodes to it. A call that fails changes nothing.</summary>
    /// <param name="node">The node.</param>
    /// <param name="after">The labels of its upstreams, in order; or <see langword="null"/>.</param>
    /// <returns>This DAG, so that calls chain.</returns>
    /// <exception cref="DagException">The label exists already, an upstream does not exist, or a composite node or its sub-DAG has the
    /// wrong shape.</exception>
    public Dag Add(DagNode node, IEnumerable<string>? after = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        var upstreams = (after ?? []).ToList();
        if (_index.ContainsKey(node.Label))
            throw new DagException(
                DagErrorId.DagNodeDuplicate,
                $"The DAG '{Name}' already has a node '{node.Label}'.", node.Label, "Give the node another label.");
        foreach (var upstream in upstreams)
            RequireClosing(_nodes[IndexOf(upstream, node.Label)], node);
        if (node.IsComposite)
            CompositeShape.Require(node, upstreams.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        _index.Add(node.Label, _nodes.Count);
        _nodes.Add(node);
        foreach (var upstream in upstreams)
            Connect(upstream, node.Label);
        return this;
    }

    /// <summary>Adds a node that calls a method.</summary>
    /// <param name="label">The node's unique name.</param>
    /// <param name="method">The method to call.</param>
    /// <param name="after">The labels of its upstreams, in order.</param>
    /// <returns>This DAG, so that calls chain.</returns>
    /// <exception cref="DagException">As for the other overload.</exception>
    public Dag Add(string label, Delegate method, params string[] after) => Add(new DagNode(label, MethodCode.From(method)), after);

    /// <summary>Adds an edge. If it exists already, nothing changes.</summary>
    /// <param name="from">The label of the upstream node.</param>
    /// <param name="to">The label of the downstream node.</param>
    /// <param name="parameter">The parameter that the output fills, or <see langword="null"/> to let wiring choose.</param>
    /// <returns>This DAG, so that calls chain.</returns>
    /// <exception cref="DagException">A label does not exist, or a composite node would get a second upstream.</exception>
    public Dag Connect(string from, string to, string? parameter = null)
    {
        var (source, target) = (IndexOf(from, to), IndexOf(to));
        if (_edgeSet.Contains((source, target, parameter?.ToUpperInvariant())))
            return this;
        RequireClosing(_nodes[source], _nodes[target]);
        if (_nodes[target].IsComposite && _hasUpstream.Contains(target))
            throw CompositeShape.UpstreamError(_nodes[target].Label, 2);
        _edgeSet.Add((source, target, parameter?.ToUpperInvariant()));
        _hasUpstream.Add(target);
        _edges.Add(new DagEdge(_nodes[source].Label, _nodes[target].Label, parameter));
        return this;
    }

    /// <summary>Finds every problem that would keep the DAG from running.</summary>
    /// <returns>The problems, in the order of the nodes; none if the DAG is sound.</returns>
    public IReadOnlyList<DagProblem> Validate() => Wiring.DagCompiler.Validate(this);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The position of a label.</summary>
    internal int IndexOf(string label, string? neededBy = null)
    {
        ArgumentNullException.ThrowIfNull(label);
        return _index.TryGetValue(label, out var index) ? index : throw NotFound(label, neededBy);
    }

    private static void RequireClosing(DagNode upstream, DagNode node)
    {
        if (upstream.Settings.IsClosing && !node.Settings.IsClosing)
            throw new DagException(
                DagErrorId.DagClosingDownstream,
                $"The node '{node.Label}' cannot come after the closing node '{upstream.Label}': "
                    + "what lies downstream of a closing node must be one.",
                node.Label,
                $"Make '{node.Label}' a closing node too, or let it come after what '{upstream.Label}' comes after.");
    }

    private DagException NotFound(string label, string? neededBy)
    {
        var labels = _nodes.Count == 0 ? "it has none yet" : $"it has: {LabelList.Join(_nodes.Select(node => node.Label))}";
        var needed = neededBy is null || neededBy.Equals(label, StringComparison.OrdinalIgnoreCase)
            ? ""
            : $", which '{neededBy}' is to come after";
        return new(
            DagErrorId.DagNodeNotFound,
            $"The DAG '{Name}' has no node '{label}'{needed}; {labels}.{NearName.Question(label, _nodes.Select(node => node.Label))}",
            label,
            "Add the node first, or correct the label.");
    }
}
