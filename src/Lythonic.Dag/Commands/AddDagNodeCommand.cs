using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Commands;

/// <summary>Adds a node to a DAG, with edges from the nodes that <c>-After</c> names.</summary>
[Cmdlet(VerbsCommon.Add, "DagNode", DefaultParameterSetName = ScriptSet)]
[OutputType(typeof(Dag))]
public sealed class AddDagNodeCommand : DagCmdlet
{
    private const string ScriptSet = "ScriptBlock";
    private const string MethodSet = "Method";
    private const string MapSet = "Map";
    private const string CallSet = "Call";
    private const string SwitchSet = "Switch";

    private readonly HashSet<string> _constantsInside = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The DAG; not needed inside <c>New-Dag -Definition</c>.</summary>
    [Parameter(ValueFromPipeline = true)]
    [DagTransformation]
    public Dag? Dag { get; set; }

    /// <summary>The node's unique name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Label")]
    [AllowEmptyString]
    [AllowNull]
    [NameTransformation]
    public string Name { get; set; } = "";

    /// <summary>The scriptblock that the node runs.</summary>
    [Parameter(Position = 1, ParameterSetName = ScriptSet)]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The method that the node calls: a MethodInfo, a method group, a delegate, or 'Namespace.Type::Method'.</summary>
    [Parameter(Mandatory = true, ParameterSetName = MethodSet)]
    [ArgumentCompleter(typeof(MethodCompleter))]
    public object? Method { get; set; }

    /// <summary>What runs for each element: a DAG, a scriptblock, or a dictionary of branches from which <c>-By</c> picks one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = MapSet)]
    public object? Map { get; set; }

    /// <summary>The DAG that runs once.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CallSet)]
    [DagTransformation]
    public Dag? Call { get; set; }

    /// <summary>The branches by name, each a DAG or a scriptblock. One of them runs.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SwitchSet)]
    public IDictionary? Switch { get; set; }

    /// <summary>The labels of the upstream nodes, in edge order.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public string[]? After { get; set; }

    /// <summary>The type that the output is converted to.</summary>
    [Parameter]
    public Type? OutputType { get; set; }

    /// <summary>Constant values for parameters of the code, by parameter name.</summary>
    [Parameter]
    public IDictionary? Parameter { get; set; }

    /// <summary>Run the node on the caller's own thread; a scriptblock also runs in the caller's own session.</summary>
    [Parameter]
    public SwitchParameter Inline { get; set; }

    /// <summary>How many elements of a map may be in flight at once.</summary>
    [Parameter(ParameterSetName = MapSet)]
    [Parameter(ParameterSetName = ScriptSet)]
    [Parameter(ParameterSetName = MethodSet)]
    [Parameter(ParameterSetName = CallSet)]
    [Parameter(ParameterSetName = SwitchSet)]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <summary>A scriptblock that sees the value as <c>$_</c> and returns the name of the branch to run.</summary>
    [Parameter(ParameterSetName = MapSet)]
    [Parameter(ParameterSetName = SwitchSet)]
    public ScriptBlock? By { get; set; }

    /// <summary>Put the items of an element's list output into the output of the map, instead of the list itself.</summary>
    [Parameter(ParameterSetName = MapSet)]
    public SwitchParameter Flatten { get; set; }

    /// <summary>How many attempts may follow the first one. A composite node counts them for each element.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int RetryCount { get; set; }

    /// <summary>The wait before another attempt: a timespan, or seconds.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateSpan(AllowZero = true)]
    public TimeSpan RetryDelay { get; set; }

    /// <summary>How the wait grows from one attempt to the next.</summary>
    [Parameter]
    public RetryBackoff RetryBackoff { get; set; }

    /// <summary>A scriptblock that sees the error as <c>$_</c> and says whether to try again.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? RetryOn { get; set; }

    /// <summary>How long one attempt may take: a timespan, or seconds. For a composite node, an attempt at one element.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateSpan]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How many elements of a map may fail: a count, or a percentage such as '5%'.</summary>
    [Parameter(ParameterSetName = MapSet)]
    public object? AllowFailure { get; set; }

    /// <summary>
    /// Where the code of the node or of its elements runs: a host, several hosts, or a scriptblock that returns them.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(HostCompleter))]
    [AllowNull]
    public object? On { get; set; }

    /// <summary>
    /// The sizes of the batches in which the elements of a map run: counts, or percentages such as '25%'. The last size repeats.
    /// </summary>
    [Parameter]
    public object[]? Batch { get; set; }

    /// <summary>A scriptblock that sees the upstream output as <c>$_</c> and says whether the node runs.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? If { get; set; }

    /// <summary>How the upstreams must have ended for the node to run. With any value but Succeeded it is a closing node.</summary>
    [Parameter]
    public NodeWhen When { get; set; }

    /// <summary>Use the output of an earlier node run (or element of a map) whose code and inputs were the same.</summary>
    [Parameter]
    public SwitchParameter Reuse { get; set; }

    /// <summary>The greatest age of an output that is reused: a timespan, or seconds. Implies <c>-Reuse</c>.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateSpan]
    public TimeSpan? ReuseFor { get; set; }

    /// <summary>
    /// Locks by name. Of all nodes that name the same lock, only one is in flight at a time, across all runs and processes that use the
    /// database.
    /// </summary>
    [Parameter]
    public string[]? Lock { get; set; }

    /// <summary>Write the DAG, so that calls chain.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrThrow(() =>
    {
        var dag = DagTarget.Resolve(Dag);
        _constantsInside.Clear();
        NameRule.Require(Name, "A node", "Give the node a name before what it runs, as in Add-DagNode fetch { … }.");
        dag.Add(Node(), Array.ConvertAll(After ?? [], label => label ?? ""));
        if (PassThru)
            WriteObject(dag);
    });

    private DagNode Node() => ParameterSetName switch
    {
        MethodSet => new DagNode(
            Name, MethodResolver.Read(Method!), Settings() with { Inline = Inline || MethodResolver.NeedsCaller(Method!) }),
        MapSet => DagNode.Map(Name, SubDagsOf(Map!), CompositeSettings()),
        CallSet => DagNode.Call(Name, DagTransformationAttribute.Require(Call!, "-Call"), Settings()),
        SwitchSet => DagNode.Switch(Name, SubDagsOf(Switch!), CompositeSettings()),
        _ => new DagNode(Name, ScriptBlock is null ? throw NothingToRun() : CodeResolver.FromScript(this, ScriptBlock), Settings()),
    };

    private DagException NothingToRun() => new(
        DagErrorId.DagInputMissing,
        $"The node '{Name}' has nothing to run.",
        Name,
        "Give it a scriptblock, as in Add-DagNode fetch { … }, or -Method, -Map, -Call or -Switch.");

    private NodeSettings Settings() => new()
    {
        OutputType = OutputType == typeof(object) ? null : OutputType,
        Constants = CodeResolver.WithTextKeys(Parameter, $"-Parameter of node '{Name}'"),
        Inline = Inline,
        ThrottleLimit = ThrottleLimit > 0 ? ThrottleLimit : null,
        Flatten = Flatten,
        AllowedFailure = AllowFailure is null ? null : ParseAllowedFailure(AllowFailure),
        Retry = RetryOf(RetryCount, RetryDelay, RetryBackoff, RetryOn),
        Timeout = Timeout,
        // Refuse $null: an empty variable does not mean that the user wants the node to run here, or several of them at once.
        Hosts = IsGiven(nameof(On)) ? HostArgument.Read(this, Name, On) : null,
        Batch = IsGiven(nameof(Batch)) ? ParseBatch(Batch ?? []) : null,
        If = If is null ? null : new NodePredicate(CodeResolver.FromScript(this, If)),
        When = When,
        Reuse = Reuse || ReuseFor is not null,
        ReuseFor = ReuseFor,
        Locks = IsGiven(nameof(Lock)) ? LockArgument.Read(Name, Lock) : null,
    };

    private BatchSizes ParseBatch(object[] given) => Parse(
        "-Batch",
        () => BatchSizes.Parse(given.Select(size => LanguagePrimitives.ConvertTo<string>(size))),
        "Give counts such as 5, or percentages such as '25%'; the last one repeats.");

    private AllowedFailure ParseAllowedFailure(object given) => Parse(
        "-AllowFailure",
        () => AllowedFailure.Parse(given.ToString()!),
        "Give a count such as 3, or a percentage such as '5%'.");

    private T Parse<T>(string parameter, Func<T> parse, string action)
    {
        try
        {
            return parse();
        }
        catch (FormatException error)
        {
            throw new DagException(
                DagErrorId.DagTypeMismatch,
                $"The value for {parameter} of node '{Name}' cannot be used: {error.Message}",
                Name,
                action,
                error);
        }
    }

    private SubDags SubDagsOf(object given)
    {
        var bare = PSWrapper.Unwrap(given);
        if (bare is not IDictionary branches)
            return By is null ? new SubDags(SubDagOf(Name, bare)) : throw NothingToChoose();
        var by = By is null ? null : new NodePredicate(CodeResolver.FromScript(this, By));
        var named = new List<KeyValuePair<string, Dag>>();
        foreach (DictionaryEntry branch in branches)
        {
            var key = NameRule.Require(branch.Key.ToString(), $"A branch of node '{Name}'", "Give each branch a key that -By can return.");
            named.Add(new(key, SubDagOf(key, branch.Value)));
        }

        // The order of a hashtable differs from process to process, and a restart needs the branches in the same order.
        return new SubDags(bare is IOrderedDictionary ? named : named.OrderBy(branch => branch.Key, StringComparer.OrdinalIgnoreCase), by);
    }

    private DagException NothingToChoose() => new(
        DagErrorId.DagSubDagShape,
        $"The node '{Name}' has -By, which returns the name of a branch, but it has no branches.",
        Name,
        "Give a dictionary of branches, as in @{ small = { … }; large = { … } }, or leave -By out.");

    // A scriptblock becomes a DAG of one node. The composite node keeps the retries, the timeout and the like, and applies them to each
    // element.
    private Dag SubDagOf(string label, object? given)
    {
        var bare = PSWrapper.Unwrap(given);
        return bare switch
        {
            Dag dag => dag,
            ScriptBlock script => new Dag(Name) { Host = DagTarget.Resolve(Dag).Host, Strict = DagTarget.Resolve(Dag).Strict }.Add(
                ElementNode(label, CodeResolver.FromScript(this, script))),
            _ => throw new DagException(
                DagErrorId.DagSubDagShape,
                $"'{label}' of node '{Name}' must be a DAG or a scriptblock, but is {(bare is null ? "$null" : $"a {bare.GetType()}")}.",
                Name,
                "Give a DAG, a scriptblock, or a dictionary of them."),
        };
    }

    // Constants are for those scriptblocks that have such parameters. What none of them takes stays with the composite node, and is an
    // error there.
    private DagNode ElementNode(string label, ScriptBlockCode code)
    {
        var settings = ElementSettings();
        var own = settings.Constants
            .Where(constant => code.Signatures[0].Parameters.Any(parameter => parameter.GoesBy(constant.Key)))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        _constantsInside.UnionWith(own.Keys);
        return new DagNode(label, code, settings with { Constants = own });
    }

    private NodeSettings CompositeSettings()
    {
        var settings = Settings();
        return settings with
        {
            Constants = settings.Constants.Where(constant => !_constantsInside.Contains(constant.Key))
                .ToDictionary(StringComparer.OrdinalIgnoreCase),
        };
    }

    private NodeSettings ElementSettings() => Settings() with
    {
        OutputType = null,
        AllowedFailure = null,
        ThrottleLimit = null,
        Flatten = false,
        Retry = RetryPolicy.None,
        Timeout = null,
        Hosts = null,
        Batch = null,
        If = null,
        When = NodeWhen.Succeeded,
        Reuse = false,
        ReuseFor = null,
        Locks = null,
    };
}
