using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Compares the input of an element of a map, or of a call or switch node, with earlier inputs, before its sub-run begins.
/// </summary>
internal sealed class SubRunReuse
{
    private readonly RunExecution _run;
    private readonly CompiledNode _node;
    private readonly NodeReuse _reuse;
    private readonly EncodedValue _input;
    private readonly Func<EncodedValue?> _current;
    private readonly ReuseRecord _record;
    private bool _isJudged;
    private ReuseRecord? _kept;

    private SubRunReuse(
        RunExecution run, CompiledNode node, NodeReuse reuse, EncodedValue input, Func<EncodedValue?> current, ReuseRecord record)
    {
        (_run, _node, _reuse, _input, _current, _record) = (run, node, reuse, input, current, record);
        Found = NodeReuse.Find(run, node, record);
    }

    /// <summary>The candidate, or <see langword="null"/> if the sub-run has to run.</summary>
    public StoredReuse? Found { get; }

    /// <summary>What is compared.</summary>
    public ReuseRecord Compared => _record;

    /// <summary>The record that is kept with the node or sub-run that reuses the candidate.</summary>
    public ReuseRecord Again => NodeReuse.Again(_record, Found!);

    /// <summary>The input of the composite node itself.</summary>
    public IReadOnlyList<NodeInput> Input => [new NodeInput(InputReader.PipelineName, _input)];

    /// <summary>
    /// The input that the source of the sub-run would get: its constants, and the element by the name of the parameter that takes it, if it
    /// is one.
    /// </summary>
    public IReadOnlyList<NodeInput> InputsOf(CompiledNode source) =>
    [
        .. source.Inputs.Select(constant => new NodeInput(constant.Parameter.Name, FormOf(constant))),
        new NodeInput(source.ElementParameters is [var only] ? only.Name : InputReader.PipelineName, _input),
    ];

    /// <summary>Compares an element of a map; <see langword="null"/> if it cannot be compared.</summary>
    public static SubRunReuse? Compare(RunExecution run, CompiledNode node, MapElement element, HostPlace? place) => Compare(
        run, node, place is null ? ReuseHost.NameOf(run, node) : ReuseHost.NameOf(place),
        () => $"The element {node.Label}[{element.Key}]",
        (out ValueChange change) => element.RefreshForm(run.Session, out change),
        () => element.Form,
        out _);

    /// <summary>Compares the input of a call or switch node; <see langword="null"/> if it cannot be compared.</summary>
    public static SubRunReuse? Compare(RunExecution run, CompiledNode node, out string? obstacle)
    {
        var upstream = run.Output(node.Upstreams[0]);
        return Compare(
            run, node, ReuseHost.NameOf(run, node), () => $"The output of node '{run.Dag.Nodes[node.Upstreams[0]].Label}'",
            (out ValueChange change) => upstream.RefreshForm(run.Session, out change),
            () => upstream.Form?.Current,
            out obstacle);
    }

    /// <summary>
    /// The record of a sub-run at the end of one of its nodes, if it is complete with that: then whoever finds the end of the node also
    /// finds the output of the sub-run, even if the process is killed before the end of the sub-run is written. Outside of the lock.
    /// </summary>
    /// <param name="subRun">The sub-run, or a root run, which has no such record.</param>
    /// <param name="node">The node. All others are before the sink, except for closing nodes.</param>
    /// <param name="output">Its output, or <see langword="null"/>.</param>
    /// <param name="errors">The errors of the node.</param>
    /// <param name="finishedAt">When it ended.</param>
    public static ReuseRecord? KeepAtEndOf(
        RunExecution subRun, CompiledNode node, EncodedValue? output, ErrorCounts errors, DateTimeOffset finishedAt)
    {
        if (subRun.Reuse is null || node.Index != subRun.Dag.Sink.Index || subRun.Dag.HasClosing)
            return null;
        lock (subRun.Session.Lock)
            errors += subRun.Tally.ErrorsBut(node.Index);
        return subRun.Reuse.Keep(output, errors, finishedAt, wasResumed: subRun.Resumed is not null);
    }

    /// <summary>The record that is kept once it has completed; <see langword="null"/> if its output may not be reused.</summary>
    /// <remarks>
    /// It is asked for at the end of the sink (<see cref="KeepAtEndOf"/>) and at the end of the sub-run, and is the same.
    /// </remarks>
    public ReuseRecord? Keep(EncodedValue? output, ErrorCounts errors, DateTimeOffset finishedAt, bool wasResumed)
    {
        if (!_isJudged)
            (_isJudged, _kept) = (true, Judge(output, errors, finishedAt, wasResumed));
        return _kept;
    }

    // All elements have the same.
    private EncodedValue FormOf(InputBinding constant)
    {
        var (codec, converter) = (_run.Session.Codec, _run.Session.Converter);
        constant.Form ??= RecordedForm.Create(codec.Encode(constant.Value), converter.Unwrap(constant.Value), null, isShared: true);
        return constant.Form.Refresh(constant.Value, codec, out _);
    }

    private ReuseRecord? Judge(EncodedValue? output, ErrorCounts errors, DateTimeOffset finishedAt, bool wasResumed)
    {
        // If the code changed its input, its output may belong to another input than the one that is stored.
        if (output is null || !ReferenceEquals(_current(), _input))
            return null;
        if (NodeReuse.WhyNotKept(_run.Session, output, errors, wasResumed) is not { } obstacle)
            return _record with { RanAt = finishedAt };
        _reuse.Tell(_run, _node, obstacle);
        return null;
    }

    private static SubRunReuse? Compare(
        RunExecution run, CompiledNode node, string? host, Func<string> what, FormReader read, Func<EncodedValue?> current,
        out string? obstacle)
    {
        var reuse = run.Session.Reuse.For(run.Dag, node);
        obstacle = reuse.Obstacle;
        if (obstacle is null && Read(run, node, what, read) is { } input
            && Record(run, node, reuse, input, host, out obstacle) is { } record)
            return new(run, node, reuse, input, current, record);
        if (obstacle is not null)
            reuse.Tell(run, node, obstacle);
        return null;
    }

    private static ReuseRecord? Record(
        RunExecution run, CompiledNode node, NodeReuse reuse, EncodedValue input, string? host, out string? obstacle) =>
        node.HasElements
            ? reuse.CompareElement(run.Session, input, host, out obstacle)
            : reuse.Compare(run.Session, [new NodeInput(InputReader.PipelineName, input)], host, out obstacle);

    // If an input cannot be read or stored, the sub-run itself fails and reports it.
    private static EncodedValue? Read(RunExecution run, CompiledNode node, Func<string> what, FormReader read)
    {
        try
        {
            var form = read(out var change);
            if (change != ValueChange.None)
                run.WarningsOf(node).OfChange(what(), node.Label, change);
            return form;
        }
        catch (Exception)
        {
            return null;
        }
    }

    private delegate EncodedValue FormReader(out ValueChange change);
}
