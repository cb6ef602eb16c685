using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Wiring;

/// <summary>A node with its wiring resolved. The compiler fills it in, and seals it: no run can change it.</summary>
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
    /// Whether objects in its output may be in the hands of other nodes than those that take it: it, or a node upstream of it, feeds
    /// several.
    /// </summary>
    public bool IsShared { get; set => field = Open(value); }

    /// <summary>Whether it is on a cycle, and cannot be wired.</summary>
    public bool IsOnCycle { get; set => field = Open(value); }

    public bool IsSource => Upstreams.Length == 0;

    /// <summary>Whether the targets of the run do not need it: it is omitted.</summary>
    public bool IsLeftOut { get; set => field = Open(value); }

    /// <summary>Whether it has no downstream but closing nodes, and is none; or is a target of the run.</summary>
    public bool IsSink { get; set => field = Open(value); }

    /// <summary>Whether it runs after a failure and after a cancellation too.</summary>
    public bool IsClosing { get; } = node.Settings.IsClosing;

    /// <summary>What runs: the node's own code, or this run's override.</summary>
    public NodeCode? Code { get; set => field = Open(value); }

    /// <summary>The signature of <see cref="Code"/> that is called.</summary>
    public NodeSignature? Signature { get; set => field = Open(value); }

    /// <summary>What fills the parameters of the node's own signature, in the order of the parameters.</summary>
    public IReadOnlyList<InputBinding> Inputs { get; set => field = Open(value); } = [];

    /// <summary>Whether the node's code takes its upstreams' outputs whole, as <c>$_</c>.</summary>
    public bool TakesPipelineValue { get; set => field = Open(value); }

    /// <summary>The source input that becomes <c>$_</c>, if there is one.</summary>
    public InputBinding? PipelineInput { get; set => field = Open(value); }

    /// <summary>The parameters of a sub-DAG's source that its element fills.</summary>
    public IReadOnlyList<NodeParameter> ElementParameters { get; set => field = Open(value); } = [];

    /// <summary>The declared output type; <see langword="null"/> for none.</summary>
    public Type? OutputType { get; set => field = Open(value); }

    /// <summary>
    /// What the stored output is written and read by: the declared type, or what the sinks of a composite node's sub-DAGs declare.
    /// </summary>
    public Type? StoredType
    {
        get => _storedType ?? OutputType;
        set => _storedType = Open(value);
    }

    private Type? _storedType;

    /// <summary>
    /// What the sources of a composite node's sub-DAGs declare that they take, as the upstream's output; <see langword="null"/> for none.
    /// </summary>
    public Type? ExpectedInputType { get; set => field = Open(value); }

    /// <summary>The sub-DAGs of a composite node.</summary>
    public CompiledSubDags? SubDags { get; set => field = Open(value); }

    /// <summary>What a composite node does in its own way; <see langword="null"/> for a node that runs code.</summary>
    public CompositeKind? Composite => CompositeKind.For(Kind);

    /// <summary>Whether the upstream of a map declares no type, so that a scalar is a list of one.</summary>
    public bool UpstreamIsUndeclared { get; set => field = Open(value); }

    /// <summary>Whether what a map takes may have been unrolled by a pipeline: what another map gives is not.</summary>
    public bool TakesUnrolled { get; set => field = Open(value); }

    /// <summary>Whether the code is an override, which is called with what the wiring gives the node's own.</summary>
    public bool IsOverridden { get; set => field = Open(value); }

    /// <summary>Whether its code runs in this process, whatever hosts the run around it has.</summary>
    public bool RunsHere => IsOverridden || Settings.Inline || Code is { Kind: NodeKind.Method };

    /// <summary>
    /// The sub-DAGs of a composite node that runs other code for one run: they are part of what it is, as a node's own code is.
    /// </summary>
    public CompiledSubDags? OwnSubDags { get; private set => field = Open(value); }

    /// <summary>Runs other code for one run. The wiring does not change, and neither does the declared output type.</summary>
    public void ApplyOverride(NodeCode code)
    {
        Code = code;
        IsOverridden = true;
        // A composite node that is overridden is a node like any other, which takes its upstream's output whole.
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
