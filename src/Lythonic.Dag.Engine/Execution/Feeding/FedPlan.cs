using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Counts how many elements of a pipeline would reuse an output, for <c>-WhatIf</c>. Nothing runs and nothing is stored.
/// </summary>
internal sealed class FedPlan : IDisposable
{
    private readonly NullProvenance _nowhere = new();
    private readonly RunSession _session;
    private readonly RunExecution _run;
    private readonly CompiledNode _each;
    private int _count;
    private int _reused;

    /// <summary>Begins a plan.</summary>
    /// <param name="dag">The DAG of the run.</param>
    /// <param name="store">The store.</param>
    /// <param name="options">The options of the run; they must have a codec and a converter.</param>
    /// <exception cref="DagException">The DAG is not valid.</exception>
    public FedPlan(Dag dag, DagProvenance store, DagRunOptions options)
    {
        var converter = options.Converter!;
        var compiled = DagCompiler.Compile(dag, null, options.Overrides, converter);
        _session = new RunSession(
            options with { Observer = null }, store, new PoolInvoker(converter, null, options.Clock), options.Codec!, converter, default);
        _run = new RunExecution(
            _session, compiled, _nowhere.CreateRun(new RunStart("", dag.Name, compiled.Definition, _session.Now())), dag.Name,
            OrderKey.Root, null);
        _each = compiled.Nodes[dag.IndexOf(FedDag.Each)];
    }

    /// <summary>Counts an element.</summary>
    public void Add(object? value)
    {
        var element = new MapElement(_count, $"{_count}", value);
        _count++;
        if (_each.Settings.Reuse && _each.Settings.Hosts?.Chooser is null
            && SubRunReuse.Compare(_run, _each, element, null)?.Found is not null)
            _reused++;
    }

    /// <summary>What would be done with each node, for the elements that have been counted so far.</summary>
    public IReadOnlyList<PlannedNode> Nodes() =>
    [
        new(FedDag.Input, PlannedAction.Run, "it takes what comes from the pipeline"),
        PlanOfEach(),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _nowhere.Dispose();
    }

    private PlannedNode PlanOfEach() => _each.Settings switch
    {
        { Reuse: false } => Runs("a new run runs every element"),
        { Hosts.Chooser: not null } => Runs("its host is chosen when it runs; elements are reused if it is the same"),
        _ when _session.Reuse.For(_run.Dag, _each).Obstacle is { } obstacle => Runs($"it {obstacle}, and so it cannot be reused"),
        _ => ReuseChanges.OfElements(_run, _each, 0, _reused, _count),
    };

    private static PlannedNode Runs(string why) => new(FedDag.Each, PlannedAction.Run, why);
}
