using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Opens an attempt of a composite node: takes over an earlier output, or reads what the upstream gave and finds the elements. Outside of
/// the lock.
/// </summary>
/// <param name="composite">The node.</param>
internal sealed class CompositeOpening(CompositeExecution composite)
{
    private readonly RunExecution _run = composite.Run;
    private readonly CompiledNode _node = composite.Node;
    private readonly RunSession _session = composite.Run.Session;

    /// <summary>The elements with their results, kept from one attempt to the next.</summary>
    private ListedWork? _listed;

    /// <summary>Looks for an output that the node takes over whole.</summary>
    /// <returns>Whether there is one.</returns>
    public bool FindReuse()
    {
        if (_node.Settings.Reuse && !composite.Node.HasElements && _session.Provenance.KeepsRuns)
            composite.Record.Reuse = SubRunReuse.Compare(_run, _node, out _);
        return composite.Record.Reuse?.Found is not null;
    }

    /// <summary>Records that the attempt begins, and finds what it works through.</summary>
    public ElementWork Open()
    {
        if (composite.Feed is { } feed)
            return Open(feed);
        var upstream = Upstream();
        var change = ValueChange.None;
        // An input that cannot be read fails the node below, where the error names it.
        var input = upstream.Form is null || !upstream.TryRead(_session) ? upstream.Encoded : upstream.RefreshForm(_session, out change);
        var handle = composite.Record.Start(input is null ? null : [new NodeInput("$_", input)]);
        // A condition that was met before a crash is not asked again.
        if (_node.Settings.If is not null && _session.Provenance.KeepsRuns)
            _session.Provenance.FlushAsync().AsTask().GetAwaiter().GetResult();
        _session.Observer?.NodeStarted(_run.Handle.RunId, _node.Label);
        RunLog.Started(_run, _node, composite.Attempt);
        if (change != ValueChange.None)
            _run.WarningsOf(_node).OfChange($"The output of node '{_run.Dag.Nodes[_node.Upstreams[0]].Label}'", _node.Label, change);
        _listed = _listed?.Anew() ?? Load(upstream, handle);
        if (!composite.Node.HasElements)
            return _listed;
        RecordCount(handle);
        _session.Observer?.MapExpanded(_run.Handle.RunId, _node.Label, _listed.Count);
        if (_listed.Done > 0)
            _session.Observer?.ElementsTakenOver(_run.Handle.RunId, _node.Label, _listed.Done);
        return _listed;
    }

    private FedWork Open(ElementFeed feed)
    {
        composite.Record.Start(null);
        _session.Observer?.NodeStarted(_run.Handle.RunId, _node.Label);
        RunLog.Started(_run, _node, composite.Attempt);
        if (_run.Resumed is { } resumed)
        {
            composite.Stored = StoredElements.From(feed.Begun);
            composite.Tally.TakeOver(resumed);
        }

        return new(feed);
    }

    // An exception of the store that is no DagException is a fault of the run, not of the node.
    private void RecordCount(NodeRunHandle handle)
    {
        try
        {
            _session.Provenance.RecordElementCount(handle, _listed!.Count);
        }
        catch (Exception error) when (error is not DagException)
        {
            _session.Fail(error);
            throw;
        }
    }

    // A closing node that is a map has no elements if its upstream gave no output.
    private NodeOutput Upstream() => _run.HasOutput(_node.Upstreams[0])
        ? _run.Output(_node.Upstreams[0])
        : NodeOutput.Live(composite.Node.HasElements ? Array.Empty<object?>() : null, null);

    private ListedWork Load(NodeOutput upstream, NodeRunHandle handle)
    {
        var value = StoredOutputErrors.Read(upstream, _run, _node.Upstreams[0], _node.Label, _node.ExpectedInputType);
        var elements = composite.Kind.Draw(_node, value, _session, upstream);
        if (elements.IsLoneDictionary)
            _run.Warn(_node, LoneDictionary(elements.Count));
        if (elements.Ids is not null)
            elements = ElementOrder.Keep(_run, _node.Label, elements, handle);
        var results = new ElementResults(elements, _node, _session, _run.IsShared(_node));
        if (_run.ResumedFor(_node) is { } resumed)
        {
            composite.Stored = StoredElements.Load(_run, _node, elements, upstream, results);
            composite.Tally.TakeOver(resumed);
        }

        var before = results.Count;
        _run.TakenElements?.TakeOver(_run, _node, elements, upstream, results, composite.Stored);
        var taken = results.Count - before;
        // An element no longer needs its value if it is done, or if the source of its sub-run has taken it.
        bool Needs(Func<object?, bool> lacks) => Enumerable.Range(0, elements.Count).Any(ordinal =>
            !results.Has(ordinal) && lacks(elements.At(ordinal).Value)
            && !composite.Stored.IsTaken(_session.Provenance, _node, ordinal));
        if (upstream.LostSecret is { } secret && Needs(value => _session.Converter.FindSecret(value) is not null))
            throw StoredOutputErrors.SecretLost(_run, _node.Upstreams[0], _node.Label, secret);
        if (upstream.HasCut && Needs(_session.Converter.HasCut))
            throw StoredOutputErrors.PartsLost(_run, _node.Upstreams[0], _node.Label);
        return new(elements, results, _node.Settings.Batch, taken);
    }

    // PowerShell's pipeline turns a list of one dictionary into that dictionary.
    private string LoneDictionary(int count)
    {
        var upstream = _run.Dag.Nodes[_node.Upstreams[0]].Label;
        return $"The map node '{_node.Label}' runs over the {count} keys of the one dictionary that '{upstream}' gave. "
            + "If it gave two, the map would run over the dictionaries, "
            + $"and '{upstream}' declares no type that says which is meant: "
            + "declare as its output type a dictionary for one dictionary, or an array of dictionaries for rows.";
    }
}
