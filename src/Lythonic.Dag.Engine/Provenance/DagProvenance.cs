using System.Text;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag;

/// <summary>
/// Keeps runs. One of the engine's four seams. Writes are posted and never block; <see cref="FlushAsync"/> completes when everything posted
/// before it is durable. All members may be called from any thread. Reads see durable records only. A record of a run that has ended, or
/// that lies inside one that has, changes nothing. Any exception but a <see cref="DagException"/> ends the run as failed, with
/// <see cref="DagErrorId.DagEngineFault"/>.
/// </summary>
public abstract class DagProvenance : IDisposable
{
    /// <summary>Whether runs are kept at all, so that they can be restarted and replayed.</summary>
    public abstract bool KeepsRuns { get; }

    /// <summary>Where runs are kept, such as a file's full path; or <see langword="null"/>.</summary>
    public abstract string? Location { get; }

    /// <summary>How many posted records are not yet durable. The engine waits for a flush when it is large.</summary>
    public abstract int Backlog { get; }

    /// <summary>
    /// Opens the store for writing: makes or migrates the file. Called once before a run is created, restarted or replayed.
    /// </summary>
    /// <exception cref="DagException">The store cannot be used: invalid, newer, busy, read-only.</exception>
    public abstract void EnsureWritable();

    /// <summary>Records that a run began; of a root run this process becomes the owner.</summary>
    /// <param name="start">What is known of it.</param>
    /// <returns>The handle that its later records name.</returns>
    /// <exception cref="DagException">
    /// <see cref="DagErrorId.DagRunOverlaps"/>: the run has a turn (<see cref="RunStart.Turn"/>), and it has not come.
    /// </exception>
    public abstract RunHandle CreateRun(RunStart start);

    /// <summary>Asks for a turn: to begin, or to take over, a root run while no other of its name is live.</summary>
    /// <param name="name">The name that the run is kept under. Names compare without case.</param>
    /// <param name="waits">
    /// Whether its holder waits where the turn has not come. The first refusal then gives it a place in the order of asking, until it is
    /// disposed of; the place of a process that has died is passed over.
    /// </param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagProvenanceRequired"/>: nothing is kept.</exception>
    public abstract RunTurn AskTurn(string name, bool waits);

    /// <summary>
    /// Asks for locks that nodes of all processes that use the store share. Within a process the engine keeps those who want the same one
    /// apart by itself.
    /// </summary>
    /// <param name="names">Their names, each once and in upper case.</param>
    /// <returns>What takes them; <see langword="null"/> where the store is of one process alone.</returns>
    public virtual LockClaim? AskLocks(IReadOnlyList<string> names) => null;

    /// <summary>
    /// Takes over a stored root run for a restart, in one step: checks that it can be restarted and that nobody owns it, marks it as
    /// running, and makes this process its owner.
    /// </summary>
    /// <param name="runId">The whole id.</param>
    /// <param name="definition">The shape that its DAG has now.</param>
    /// <param name="sourceInput">Its source input from now on, as JSON text; <see langword="null"/> to leave what is stored.</param>
    /// <param name="tags">Tags that it gets beside those that it has; or <see langword="null"/>.</param>
    /// <param name="force">Whether it is taken from a process on another machine, of which nobody here can tell whether it lives.</param>
    /// <param name="turn">As <see cref="RunStart.Turn"/>, which is judged first; or <see langword="null"/>.</param>
    /// <returns>The handle that its later records name.</returns>
    /// <exception cref="DagException">It is not found, not restartable or owned, or its turn has not come.</exception>
    public abstract RunHandle ClaimRun(
        string runId,
        DagDefinition definition,
        string? sourceInput = null,
        IReadOnlyList<string>? tags = null,
        bool force = false,
        RunTurn? turn = null);

    /// <summary>Records that a stored sub-run goes on, under a root run that was claimed.</summary>
    /// <param name="run">The sub-run, with the branch that it takes now.</param>
    /// <param name="parent">The handle of the run that it belongs to.</param>
    /// <param name="definition">The shape that its DAG has now.</param>
    public abstract RunHandle ResumeRun(StoredRun run, RunHandle parent, DagDefinition definition);

    /// <summary>Records that a node started, or that its next attempt waits. Without a flush it becomes durable a little later.</summary>
    /// <param name="run">Its run.</param>
    /// <param name="start">What is known of it.</param>
    public abstract NodeRunHandle StartNode(RunHandle run, NodeStart start);

    /// <summary>Records that a waiting attempt begins.</summary>
    /// <param name="node">The node run.</param>
    /// <param name="start">What is known of it now.</param>
    public abstract void BeginNode(NodeRunHandle node, NodeStart start);

    /// <summary>Records that a waiting attempt does not begin after all. Nothing is left of it.</summary>
    /// <param name="node">The node run.</param>
    public abstract void WithdrawNode(NodeRunHandle node);

    /// <summary>Records the order in which a map draws the elements of a dictionary or a set. Called before their sub-runs begin.</summary>
    /// <param name="node">The node run of the map.</param>
    /// <param name="elementIds">A JSON array of their <see cref="RunStart.ElementId"/>s.</param>
    public abstract void RecordElements(NodeRunHandle node, string elementIds);

    /// <summary>Records how many elements a map has, for those who watch it. The latest count holds.</summary>
    /// <param name="node">The node run of the map.</param>
    /// <param name="count">How many, those included that are done already.</param>
    public virtual void RecordElementCount(NodeRunHandle node, int count)
    {
    }

    /// <summary>
    /// Records how a node ended; its outgoing edges are traversed when it completed or was skipped. Only the first end of a node run
    /// counts.
    /// </summary>
    /// <param name="node">The node run.</param>
    /// <param name="end">How it ended.</param>
    public abstract void EndNode(NodeRunHandle node, NodeEnd end);

    /// <summary>Records how a run ended. A record that comes for a run that has ended changes nothing.</summary>
    /// <param name="run">The run.</param>
    /// <param name="end">How it ended.</param>
    public abstract void EndRun(RunHandle run, RunEnd end);

    /// <summary>Completes when all that was posted before is durable.</summary>
    /// <returns>A task that faults with a <see cref="DagException"/> when the store cannot write.</returns>
    public abstract ValueTask FlushAsync();

    /// <summary>
    /// As <see cref="FlushAsync"/>, for a caller that has other work meanwhile. It may take a few milliseconds longer, so that more records
    /// share one commit.
    /// </summary>
    public virtual ValueTask FlushSoonAsync() => FlushAsync();

    /// <summary>As <see cref="FlushAsync"/>, on a thread that has nothing else to do meanwhile: it may commit, whichever it is.</summary>
    internal virtual ValueTask FlushHereAsync() => FlushAsync();

    /// <summary>
    /// Finds one run, root or sub-run, by its id or a unique prefix of it, a root run's before a sub-run's; or <see langword="null"/>.
    /// </summary>
    /// <param name="runIdOrPrefix">The id.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotFound"/>: the prefix fits several runs, which the message
    /// lists.</exception>
    public abstract StoredRun? FindRun(string runIdOrPrefix);

    /// <summary>Finds runs, newest first.</summary>
    /// <param name="query">Which.</param>
    public abstract IEnumerable<StoredRun> FindRuns(RunQuery query);

    /// <summary>
    /// The latest attempts of a run's nodes, in the order of the DAG's nodes; with <paramref name="allAttempts"/> the earlier ones too.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="allAttempts">Whether earlier attempts are wanted.</param>
    public abstract IReadOnlyList<StoredNodeRun> GetNodeRuns(StoredRun run, bool allAttempts = false);

    /// <summary>The sub-runs of one node, in the order of their elements; a sub-run that was restarted is there once.</summary>
    /// <param name="run">The run.</param>
    /// <param name="label">The composite node's label.</param>
    /// <param name="unfinished">Whether only those are wanted that did not complete: the few of many that a restart looks at.</param>
    public abstract IEnumerable<StoredRun> GetSubRuns(StoredRun run, string label, bool unfinished = false);

    /// <summary>The sub-runs of one node that completed, without a query for each.</summary>
    /// <param name="run">The run.</param>
    /// <param name="label">The composite node's label.</param>
    public abstract IEnumerable<SubRunOutput> GetSubRunOutputs(StoredRun run, string label);

    /// <summary>The inputs of the sources of one node's sub-runs, if those sources completed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="label">The composite node's label.</param>
    /// <returns>The store's own key of the sub-run, and the input as <see cref="GetInput"/> gives it.</returns>
    public abstract IEnumerable<(StoreKey Key, string Input)> GetSubRunInputs(StoredRun run, string label);

    /// <summary>
    /// What the sources of one node's sub-runs were given at their latest attempts, however they ended, in the order of the elements.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="label">The composite node's label.</param>
    /// <returns>The position of the element, and the input as <see cref="GetInput"/> gives it.</returns>
    public virtual IEnumerable<(int Ordinal, string Input)> GetElementInputs(StoredRun run, string label)
    {
        foreach (var subRun in GetSubRuns(run, label))
        {
            if (GetNodeRuns(subRun) is [var source, ..] && GetInput(source) is { } input)
                yield return (subRun.Ordinal, input);
        }
    }

    /// <summary>The shapes of one node's sub-runs that completed, each once.</summary>
    /// <param name="run">The run.</param>
    /// <param name="label">The composite node's label.</param>
    public abstract IReadOnlyList<SubRunShape> GetSubRunShapes(StoredRun run, string label);

    /// <summary>The latest order that <see cref="RecordElements"/> recorded for a map, or <see langword="null"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="label">The map's label.</param>
    public abstract string? GetElements(StoredRun run, string label);

    /// <summary>
    /// The labels of the nodes that the conditions of a run that ended said run (<see cref="RunEnd.MetConditions"/>), those included that
    /// waited when its process ended. A node run says it too, once it has begun.
    /// </summary>
    /// <param name="run">The run.</param>
    public abstract IReadOnlyList<string> GetMetConditions(StoredRun run);

    /// <summary>
    /// Whether every attempt of a composite node got this value, compared by its stored form. An attempt that got nothing does not count.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="label">The composite node's label.</param>
    /// <param name="value">The value.</param>
    public abstract bool WasAlwaysGiven(StoredRun run, string label, EncodedValue value);

    /// <summary>The errors of those sub-runs of one node that completed, with the first one by the order of the elements.</summary>
    /// <param name="run">The run.</param>
    /// <param name="label">The composite node's label.</param>
    public abstract (ErrorCounts Errors, string? First) GetSubRunErrors(StoredRun run, string label);

    /// <summary>The JSON text of a node run's input, or <see langword="null"/> where none is stored.</summary>
    /// <param name="node">The node run.</param>
    public abstract string? GetInput(StoredNodeRun node);

    /// <summary>The input of a node run as UTF-8, which takes up less room; or <see langword="null"/> where none is stored.</summary>
    /// <param name="node">The node run.</param>
    public virtual ReadOnlyMemory<byte>? GetInputUtf8(StoredNodeRun node) =>
        GetInput(node) is { } json ? Encoding.UTF8.GetBytes(json) : null;

    /// <summary>A node run's output, or <see langword="null"/> where none is stored.</summary>
    /// <param name="node">The node run.</param>
    public abstract EncodedValue? GetOutput(StoredNodeRun node);

    /// <summary>The JSON text of a value, which may be only in the store by now.</summary>
    /// <param name="value">The value.</param>
    public abstract string GetText(EncodedValue value);

    /// <summary>The JSON text of a value as UTF-8, which takes up less room.</summary>
    /// <param name="value">The value.</param>
    public virtual ReadOnlyMemory<byte> GetUtf8(EncodedValue value) => Encoding.UTF8.GetBytes(GetText(value));

    /// <summary>
    /// The JSON text of a node run's input as UTF-8, piece by piece: a store need not have a large one in memory whole. Nothing where none
    /// is stored.
    /// </summary>
    /// <param name="node">The node run.</param>
    public virtual IEnumerable<ReadOnlyMemory<byte>> ReadInput(StoredNodeRun node) => GetInputUtf8(node) is { } json ? [json] : [];

    /// <summary>The JSON text of a node run's output as UTF-8, piece by piece, as <see cref="ReadInput"/>.</summary>
    /// <param name="node">The node run.</param>
    public virtual IEnumerable<ReadOnlyMemory<byte>> ReadOutput(StoredNodeRun node) =>
        GetOutput(node) is { } output ? [GetUtf8(output)] : [];

    /// <summary>The messages of a node run as JSON text, or <see langword="null"/>.</summary>
    /// <param name="node">The node run.</param>
    public abstract string? GetMessages(StoredNodeRun node);

    /// <summary>The JSON text of a run's source input, or <see langword="null"/>.</summary>
    /// <param name="run">The run.</param>
    public abstract string? GetSourceInput(StoredRun run);

    /// <summary>The source input of a run as UTF-8, which takes up less room; or <see langword="null"/> where none is stored.</summary>
    /// <param name="run">The run.</param>
    public virtual ReadOnlyMemory<byte>? GetSourceInputUtf8(StoredRun run) =>
        GetSourceInput(run) is { } json ? Encoding.UTF8.GetBytes(json) : null;

    /// <summary>
    /// The shape that the run's DAG had when the run began or was last restarted; or <see langword="null"/> where it is not stored.
    /// </summary>
    /// <param name="run">The run.</param>
    public abstract DagDefinition? GetDefinition(StoredRun run);

    /// <summary>
    /// Finds the newest node run, of any run, whose output may be taken by this key. One lookup in an index, as there may be one for each
    /// of very many elements.
    /// </summary>
    /// <param name="key">What <see cref="ReuseRecord.Key"/> says.</param>
    /// <param name="since">When its code may have ended at the earliest; or <see langword="null"/>.</param>
    public virtual StoredReuse? FindReuse(string key, DateTimeOffset? since = null) => null;

    /// <summary>
    /// The same for an element of a map: others of this process are found that have completed and are not durable yet, and what another
    /// process has written in the last moment may not be.
    /// </summary>
    /// <param name="key">What <see cref="ReuseRecord.Key"/> says.</param>
    /// <param name="since">When its code may have ended at the earliest; or <see langword="null"/>.</param>
    internal virtual StoredReuse? FindElementReuse(string key, DateTimeOffset? since) => FindReuse(key, since);

    /// <summary>Records a sub-run of which nothing runs, as it takes over an output.</summary>
    /// <param name="start">What is known of it.</param>
    /// <param name="nodes">Its source and its sink, each with its end.</param>
    /// <param name="end">How it ended.</param>
    internal virtual void RecordTaken(RunStart start, IReadOnlyList<TakenNode> nodes, RunEnd end)
    {
        var run = CreateRun(start);
        foreach (var node in nodes)
            EndNode(StartNode(run, node.Start), node.End);
        EndRun(run, end);
    }

    /// <summary>What the newest node run of a node, of those whose outputs may be taken, was compared by.</summary>
    /// <param name="path">The path of its root run.</param>
    /// <param name="label">The node's label.</param>
    /// <returns>The parts of its code and of its inputs; <see langword="null"/> where there is no such node run.</returns>
    public virtual IReadOnlyList<ReusePart>? GetReuseParts(string path, string label) => null;

    /// <summary>
    /// The sub-runs inside a root run, at any depth, that began after another one, in that order: one pass over what is new. Where very
    /// many of a node have completed, one stands for all but the last.
    /// </summary>
    /// <param name="root">The root run.</param>
    /// <param name="after">The one before, or the root run.</param>
    internal virtual IEnumerable<SubRunState> GetSubRunStates(StoreKey root, StoreKey after) => [];

    /// <summary>How some sub-runs stand now.</summary>
    /// <param name="subRuns">Which.</param>
    internal virtual IReadOnlyList<SubRunState> GetSubRunStates(IReadOnlyCollection<StoreKey> subRuns) => [];

    /// <summary>The latest attempts of the nodes of some runs, each with its run, in the order of their beginning.</summary>
    /// <param name="runs">Which.</param>
    internal virtual IReadOnlyList<(StoreKey Run, StoredNodeRun Node)> GetNodeRuns(IReadOnlyCollection<StoreKey> runs) => [];

    /// <summary>The last nodes of some runs that said something, each with its run, the last one first.</summary>
    /// <param name="runs">Which.</param>
    /// <param name="most">How many at most.</param>
    internal virtual IReadOnlyList<(StoreKey Run, StoredNodeRun Node)> GetNodesWithMessages(
        IReadOnlyCollection<StoreKey> runs, int most) => [];

    /// <summary>How many of some runs have a node that waits, and when the first wait ends, where that is known.</summary>
    /// <param name="runs">Which.</param>
    internal virtual (int Count, DateTimeOffset? Next) GetWaits(IReadOnlyCollection<StoreKey> runs) => default;

    /// <summary>Asks a live run, in any process, to pause.</summary>
    /// <param name="runId">The whole id of a root run.</param>
    /// <exception cref="DagException">There is no such run, or it is not running.</exception>
    public abstract void RequestPause(string runId);

    /// <summary>Removes runs with their sub-runs; never a live one.</summary>
    /// <param name="runIds">The whole ids of root runs.</param>
    /// <returns>How many root runs were removed.</returns>
    public abstract int RemoveRuns(IReadOnlyCollection<string> runIds);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes what is still posted and closes.</summary>
    /// <param name="disposing">Whether it is called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
