using Lythonic.Dag.Execution;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Export;

/// <summary>Makes the picture of a run. That of a stored run is read from the store and needs no DAG of the session.</summary>
/// <param name="store">The store that holds the run.</param>
/// <param name="mostParts">How many sub-runs of a node are drawn.</param>
/// <param name="known">Nodes whose code is known.</param>
internal sealed class RunPicture(DagProvenance store, int mostParts, KnownNodes known)
{
    // Nested maps have very many sub-runs. Beyond this many in total, a picture only counts them.
    private int _left = 4 * mostParts;

    /// <summary>A stored run with its sub-runs.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotFound"/>: the run is no longer there.</exception>
    public Picture Build(StoredRun run)
    {
        var definition = store.GetDefinition(run) ?? throw new DagException(
            DagErrorId.DagRunNotFound,
            $"The run {run.RunId} is no longer in {store.Location}.",
            run.RunId,
            "List the runs with Get-DagRun.");
        var started = store.GetNodeRuns(run, allAttempts: true).ToLookup(node => node.Label, StringComparer.OrdinalIgnoreCase);
        // A node that ran may be gone from the DAG since a restart.
        var labels = definition.Nodes.Select(node => node.Label).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var nodes = definition.Nodes.Select(node => known.Describe(Node(run, node.Label, node.Kind, started[node.Label]), node.Fingerprint))
            .Concat(started.Where(group => !labels.Contains(group.Key)).Select(group => Node(run, group.Key, group.First().Kind, group)))
            .ToList();
        var database = DatabaseFile.NameOf(store);
        return new(run.Path, nodes, definition.Edges)
        {
            Run = Facts(run) with
            {
                SourceInput = () => store.GetSourceInput(run),
                ReplayedAs = run.ParentRunId is null && (run.Errors.All > 0 || run.Status == DagRunStatus.Failed)
                    ? store.FindReplay(run)
                    : null,
                GoOn = () => DagText.GoOn(
                    run, () => FedDag.IsOf(definition.Nodes.Select(node => node.Kind)), database,
                    nodes.Where(node => !DagText.IsDone(node.Status)).Select(node => (node.Label, node.Kind, node.Errors)))
                    ?? DagText.RunAgain(run, nodes.Select(node => (node.Label, node.Kind, node.Errors)), database),
            },
            Description = run.ParentRunId is null ? run.Description ?? known.Description : null,
        };
    }

    /// <summary>
    /// Makes the picture of a run that was not kept: its nodes as they ended, with the edges of the session's DAG if it has these nodes.
    /// </summary>
    public static Picture Build(DagRun run, Dag? dag, IValueCodec codec)
    {
        var ended = run.Nodes.ToDictionary(node => node.Label, StringComparer.OrdinalIgnoreCase);
        var known = dag is not null && ended.Keys.All(dag.Contains) ? dag : null;
        IReadOnlyList<PictureNode> nodes = known is null
            ? [.. run.Nodes.Select(node => Live(node.Label, node.Kind, node, codec))]
            : [.. known.Nodes.Select(node => Live(node.Label, node.Kind, ended.GetValueOrDefault(node.Label), codec) with
                {
                    Description = DagPicture.DescriptionOf(node),
                    Code = DagPicture.CodeOf(node),
                    When = node.Settings.When,
                    IsConditional = node.Settings.If is not null,
                })];
        return new(run.DagName, nodes, known is null ? [] : DagPicture.EdgesOf(known))
        {
            Description = known?.Description,
            Run = Facts(run.Stored) with { SourceInput = () => run.SourceInput is { } input ? codec.Encode(input).Json : null },
        };
    }

    private static PictureNode Live(string label, NodeKind kind, DagNodeRun? node, IValueCodec codec) => new(label, kind)
    {
        Status = node?.Status ?? NodeStatus.Pending.ToName(),
        Why = node is { Attempt: 0 } ? node.Error : null,
        Run = node is null or { Attempt: 0 } ? null : new(node.Node.Tries, node.StartedAt, node.FinishedAt, Plain(node.Error))
        {
            Status = node.Status,
            Errors = node.Node.Errors,
            Host = node.Host,
            ReusedFrom = node.ReusedFrom,
            RetriedElements = node.Node.RetriedElements,
            Output = () => node.Output is { } output ? codec.Encode(output).Json : null,
            Messages = () => Plain(node.Messages),
        },
    };

    private static RunFacts Facts(StoredRun run) => new(run.RunId, DagText.Shown(run), run.StartedAt, run.FinishedAt)
    {
        FailedNode = run.FailedNode,
        Error = Plain(run.Error),
        Errors = DagText.Told(run),
        Idle = run.Idle,
        LastKnownAt = run.LastKnownAt,
        Elapsed = run.Ran(DateTimeOffset.UtcNow),
        ReplayedFrom = run.ReplayedFrom,
        Tags = run.Tags,
        Targets = run.Targets,
        Owner = run.Owner,
        Starter = DagText.Starter(run),
    };

    private PictureNode Node(StoredRun run, string label, NodeKind kind, IEnumerable<StoredNodeRun> attempts)
    {
        var rows = attempts.OrderBy(node => node.Attempt).ToList();
        var all = rows.Select((row, index) => Facts(index + 1 < rows.Count ? row : new StoppedNode(store).Told(run, row))).ToList();
        var picture = new PictureNode(label, kind)
        {
            Status = all.Count == 0 ? run.OfUnstarted.ToName() : all[^1].Status,
            Why = all.Count == 0 ? run.WhyUnstarted : null,
            Run = all.Count == 0 ? null : all[^1] with { Earlier = [.. all.SkipLast(1).Where(facts => facts.Attempt > 0)] },
        };
        if (all.Count == 0 || !picture.IsComposite)
            return picture;
        var subRuns = store.GetSubRuns(run, label).ToList();
        return picture with
        {
            SubRuns = [.. subRuns
                .GroupBy(DagText.Shown)
                .OrderByDescending(group => group.Count())
                .Select(group => (group.Key, group.Count()))],
            Parts = [.. Drawn(subRuns).Select(Part)],
        };
    }

    private PicturePart Part(StoredRun run)
    {
        var key = run.ElementKey ?? run.Branch ?? $"{run.Ordinal}";
        var value = mostParts == HtmlPage.MostParts ? ElementName.Of(store, run) : "";
        return new(key, Build(run)) { Name = value.Length == 0 ? $"[{key}]" : $"[{key}] {value}" };
    }

    // People look for sub-runs that did not complete, so these come first. The others fill the room that is left.
    private List<StoredRun> Drawn(List<StoredRun> subRuns)
    {
        var drawn = subRuns.OrderBy(sub => sub.Status == DagRunStatus.Completed)
            .Take(Math.Min(mostParts, _left))
            .OrderBy(sub => sub.Ordinal)
            .ToList();
        _left -= drawn.Count;
        return drawn;
    }

    private NodeFacts Facts(StoredNodeRun node) => new(node.Tries, node.StartedAt, node.FinishedAt, Plain(node.Error))
    {
        Status = node.Status.ToName(),
        Errors = node.Errors,
        Host = node.Host,
        ReusedFrom = node.ReusedFrom,
        RetriedElements = node.RetriedElements,
        Input = () => store.GetInput(node),
        Output = () => store.GetOutput(node) is { } output ? store.GetText(output) : null,
        Messages = Once(() => Plain(MessageJson.Read(store.GetMessages(node)))),
    };

    // What was written in colours for a terminal.
    private static string? Plain(string? text) => text is null ? null : PlainText.Of(text);

    private static IReadOnlyList<NodeMessage> Plain(IReadOnlyList<NodeMessage> messages) =>
        [.. messages.Select(message => message with { Text = PlainText.Of(message.Text) })];

    // A page shows the messages twice.
    private static Func<T> Once<T>(Func<T> read)
    {
        var value = new Lazy<T>(read);
        return () => value.Value;
    }
}
