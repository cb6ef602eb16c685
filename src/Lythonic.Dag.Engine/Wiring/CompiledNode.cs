using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Wiring;

/// <summary>A node with its wiring resolved. The compiler fills it in and then seals it, so that no run can change it.</summary>
internal sealed class CompiledNode(int index, DagNode node)
{
    private bool _isSealed;

    public int Index { get; } = index;

    public DagNode Declaration { get; } = node;

    public string Label => Declaration.Label;

    public NodeKind Kind => Declaration.Kind;

    public NodeSettings Settings => Declaration.Settings;

    /// <summary>Positions of the upstreams, in edge order, each once.</summary>
    public int[] Upstreams { get; set => field = Open(value); } = [];

    /// <summary>Positions of the downstreams, each once.</summary>
    public int[] Downstreams { get; set => field = Open(value); } = [];

    /// <summary>
    /// Whether other nodes than those that take its output may hold objects of the output, because it, or a node upstream of it, feeds
    /// several nodes.
    /// </summary>
    public bool IsShared { get; set => field = Open(value); }

    /// <summary>Whether it is on a cycle, and cannot be wired.</summary>
    public bool IsOnCycle { get; set => field = Open(value); }

    public bool IsSource => Upstreams.Length == 0;

    /// <summary>Whether the targets of the run do not need it: it is omitted.</summary>
    public bool IsLeftOut { get; set => field = Open(value); }

    /// <summary>
    /// Whether it is a sink: it is not a closing node and has no downstream but closing nodes, or it is a target of the run.
    /// </summary>
    public bool IsSink { get; set => field = Open(value); }

    /// <summary>Whether it is a closing node, which may run after a failure or a cancellation.</summary>
    public bool IsClosing { get; } = node.Settings.IsClosing;

    /// <summary>The code to run: the node's own, or the override of this run.</summary>
    public NodeCode? Code { get; set => field = Open(value); }

    /// <summary>The signature of <see cref="Code"/> that is called.</summary>
    public NodeSignature? Signature { get; set => field = Open(value); }

    /// <summary>What fills the parameters of the node's own signature, in the order of the parameters.</summary>
    public InputBinding[] Inputs { get; set => field = Open(value); } = [];

    /// <summary>Whether the node's code takes the whole outputs of its upstreams as <c>$_</c>.</summary>
    public bool TakesPipelineValue { get; set => field = Open(value); }

    /// <summary>The source input that becomes <c>$_</c>, if there is one.</summary>
    public InputBinding? PipelineInput { get; set => field = Open(value); }

    /// <summary>The parameters of a sub-DAG's source that its element fills.</summary>
    public IReadOnlyList<NodeParameter> ElementParameters { get; set => field = Open(value); } = [];

    /// <summary>The declared output type; <see langword="null"/> for none.</summary>
    public Type? OutputType { get; set => field = Open(value); }

    /// <summary>
    /// The type by which the stored output is written and read: the declared one, or that of the sinks of a composite node's sub-DAGs.
    /// </summary>
    public Type? StoredType
    {
        get => _storedType ?? OutputType;
        set => _storedType = Open(value);
    }

    private Type? _storedType;

    /// <summary>
    /// The type of the upstream's output that the sources of a composite node's sub-DAGs declare; <see langword="null"/> for none.
    /// </summary>
    public Type? ExpectedInputType { get; set => field = Open(value); }

    /// <summary>The sub-DAGs of a composite node.</summary>
    public CompiledSubDags? SubDags { get; set => field = Open(value); }

    /// <summary>The behaviour of the kind of composite node; <see langword="null"/> for a node that runs code.</summary>
    public CompositeKind? Composite => CompositeKind.For(Kind);

    /// <summary>Whether it runs a sub-DAG for each element of its input. A map that is overridden runs code, once.</summary>
    public bool HasElements => !IsOverridden && Kind.HasElements();

    /// <summary>Whether the upstream of a map declares no type, so that a scalar counts as a list of one.</summary>
    public bool UpstreamIsUndeclared { get; set => field = Open(value); }

    /// <summary>Whether a pipeline may have unrolled the input of a map. The output of another map is never unrolled.</summary>
    public bool TakesUnrolled { get; set => field = Open(value); }

    /// <summary>Whether the code is an override, which gets the arguments of the node's own code.</summary>
    public bool IsOverridden { get; set => field = Open(value); }

    /// <summary>Whether its code runs in this process, even if the run around it has hosts.</summary>
    public bool RunsHere => IsOverridden || Settings.Inline || Code is { Kind: NodeKind.Method };

    /// <summary>
    /// The sub-DAGs of a composite node that is overridden in one run. They stay part of its definition, like a node's own code.
    /// </summary>
    public CompiledSubDags? OwnSubDags { get; private set => field = Open(value); }

    /// <summary>Overrides the code for one run. The wiring and the declared output type do not change.</summary>
    public void ApplyOverride(NodeCode code)
    {
        Code = code;
        IsOverridden = true;
        // An overridden composite node becomes an ordinary node, which takes the whole output of its upstream.
        TakesPipelineValue |= SubDags is not null;
        OwnSubDags = SubDags;
        SubDags = null;
        var names = Inputs.Select(input => input.Parameter.Name).ToList();
        Signature = code.Signatures.MaxBy(signature => signature.Parameters.Count(
            parameter => names.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)));
    }

    /// <summary>Ends the compilation of the node and of its sub-DAGs.</summary>
    public void Seal()
    {
        // Sub-DAGs may be shared, at every level: each is walked once.
        if (_isSealed)
            return;
        _isSealed = true;
        foreach (var dag in (SubDags ?? OwnSubDags)?.All ?? [])
            dag.Seal();
    }

    private T Open<T>(T value) =>
        _isSealed ? throw new InvalidOperationException($"The node '{Label}' is compiled and does not change.") : value;
}
