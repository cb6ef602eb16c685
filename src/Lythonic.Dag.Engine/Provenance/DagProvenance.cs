using System.Text;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag;

/// <summary>
/// A store that keeps runs. One of the engine's four seams. All members may be called from any thread. Records are posted to the store
/// without blocking, and <see cref="FlushAsync"/> completes when all that was posted before is durable. Reads see only durable records. A
/// record is ignored if its run, or a run around it, has ended. If a member throws anything but a <see cref="DagException"/>, the run ends
/// as failed with <see cref="DagErrorId.DagEngineFault"/>.
/// </summary>
public abstract class DagProvenance : IDisposable
{
    /// <summary>Whether the store keeps runs, so that they can be restarted and replayed.</summary>
    public abstract bool KeepsRuns { get; }

    /// <summary>Where the store keeps runs, such as the full path of a file; or <see langword="null"/>.</summary>
    public abstract string? Location { get; }

    /// <summary>How many posted records are not durable yet. The engine waits for a flush if there are many.</summary>
    public abstract int Backlog { get; }

    /// <summary>
    /// Opens the store for writing: creates or migrates the file. Called once before a run is created, restarted or replayed.
    /// </summary>
    /// <exception cref="DagException">The store cannot be used: it is invalid, newer, busy or read-only.</exception>
    public abstract void EnsureWritable();

    /// <summary>Records that a run began. This process becomes the owner of a root run.</summary>
    /// <param name="start">What is known of the run.</param>
    /// <returns>The handle for later records of the run.</returns>
    /// <exception cref="DagException">
    /// <see cref="DagErrorId.DagRunOverlaps"/>: the run has a turn (<see cref="RunStart.Turn"/>) that has not come.
    /// </exception>
    public abstract RunHandle CreateRun(RunStart start);

    /// <summary>Asks for a turn to begin or to restart a root run while no other run of its name is live.</summary>
    /// <param name="name">The name under which the run is kept. Names compare without case.</param>
    /// <param name="waits">
    /// Whether the holder of the turn waits if it has not come. The first refusal then gives the turn a place in the order of asking, which
    /// it keeps until it is disposed of. The places of processes that have died are passed over.
    /// </param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagProvenanceRequired"/>: the store keeps no runs.</exception>
    public abstract RunTurn AskTurn(string name, bool waits);

    /// <summary>
    /// Asks for locks that the nodes of all processes share that use the store. The engine itself handles nodes of one process that want
    /// the same lock.
    /// </summary>
    /// <param name="names">The names of the locks, each once and in upper case.</param>
    /// <returns>The claim that takes the locks; <see langword="null"/> if only one process can use the store.</returns>
    public virtual LockClaim? AskLocks(IReadOnlyList<string> names) => null;

    /// <summary>
    /// Claims a stored root run for a restart, in one step: checks that it can be restarted and that no process owns it, marks it as
    /// running, and makes this process its owner.
    /// </summary>
    /// <param name="runId">The full id of the run.</param>
    /// <param name="definition">The current shape of its DAG.</param>
    /// <param name="sourceInput">The source input from now on, as JSON text; <see langword="null"/> to keep what is stored.</param>
    /// <param name="tags">Tags to add to those that the run has; or <see langword="null"/>.</param>
    /// <param name="force">
    /// Whether to take the run from a process on another machine. Nobody here can tell whether that process is alive.
    /// </param>
    /// <param name="turn">A turn as in <see cref="RunStart.Turn"/>, which is checked first; or <see langword="null"/>.</param>
    /// <returns>The handle for later records of the run.</returns>
    /// <exception cref="DagException">The run is not found, not restartable or owned, or its turn has not come.</exception>
    public abstract RunHandle ClaimRun(
        string runId,
        DagDefinition definition,
        string? sourceInput = null,
        IReadOnlyList<string>? tags = null,
        bool force = false,
        RunTurn? turn = null);

    /// <summary>Records that a stored sub-run continues, inside a root run that was claimed.</summary>
    /// <param name="run">The sub-run, with the branch that it takes now.</param>
    /// <param name="parent">The handle of the run that contains it.</param>
    /// <param name="definition">The current shape of its DAG.</param>
    /// <returns>The handle for later records of the sub-run.</returns>
    public abstract RunHandle ResumeRun(StoredRun run, RunHandle parent, DagDefinition definition);

    /// <summary>Records that a node started, or that its next attempt waits. Without a flush it becomes durable a little later.</summary>
    /// <param name="run">The run of the node.</param>
    /// <param name="start">What is known of the node run.</param>
    /// <returns>The handle for later records of the node run.</returns>
    public abstract NodeRunHandle StartNode(RunHandle run, NodeStart start);

    /// <summary>Records that a waiting attempt begins.</summary>
    /// <param name="node">The node run.</param>
    /// <param name="start">What is known of it now.</param>
    public abstract void BeginNode(NodeRunHandle node, NodeStart start);

    /// <summary>Removes the record of a waiting attempt that does not begin after all.</summary>
    /// <param name="node">The node run.</param>
    public abstract void WithdrawNode(NodeRunHandle node);

    /// <summary>Records the order in which a map runs the elements of a dictionary or a set. Called before their sub-runs begin.</summary>
    /// <param name="node">The node run of the map.</param>
    /// <param name="elementIds">A JSON array of the elements' <see cref="RunStart.ElementId"/>s.</param>
    public abstract void RecordElements(NodeRunHandle node, string elementIds);

    /// <summary>Records how many elements a map has, for those who watch the run. The latest count holds.</summary>
    /// <param name="node">The node run of the map.</param>
    /// <param name="count">The number of elements, including those that are already done.</param>
    public virtual void RecordElementCount(NodeRunHandle node, int count)
    {
    }

    /// <summary>
    /// Records how a node ended. If it completed or was skipped, its outgoing edges are recorded as traversed. Only the first end of a node
    /// run counts.
    /// </summary>
    /// <param name="node">The node run.</param>
    /// <param name="end">How it ended.</param>
    public abstract void EndNode(NodeRunHandle node, NodeEnd end);

    /// <summary>Records how a run ended. Only the first end of a run counts.</summary>
    /// <param name="run">The run.</param>
    /// <param name="end">How it ended.</param>
    public abstract void EndRun(RunHandle run, RunEnd end);

    /// <summary>Completes when all records that were posted before are durable.</summary>
    /// <returns>A task that faults with a <see cref="DagException"/> if the store cannot write.</returns>
    public abstract ValueTask FlushAsync();

    /// <summary>
    /// Like <see cref="FlushAsync"/>, for a caller that has other work to do meanwhile. It may take a few milliseconds longer, so that more
    /// records share one commit.
    /// </summary>
    public virtual ValueTask FlushSoonAsync() => FlushAsync();

    /// <summary>Like <see cref="FlushAsync"/>, for a thread that has no other work: the store may commit on this thread.</summary>
    internal virtual ValueTask FlushHereAsync() => FlushAsync();

    /// <summary>
    /// Finds a run or sub-run by its id or by a unique prefix of it. If the prefix fits a root run and sub-runs, the root run is found.
    /// </summary>
    /// <param name="runIdOrPrefix">The id or the prefix.</param>
    /// <returns>The run, or <see langword="null"/>.</returns>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotFound"/>: the prefix fits several runs, which the message
    /// lists.</exception>
    public abstract StoredRun? FindRun(string runIdOrPrefix);

    /// <summary>Finds runs, newest first.</summary>
    /// <param name="query">Which runs to find.</param>
    public abstract IEnumerable<StoredRun> FindRuns(RunQuery query);

    /// <summary>Gets the node runs of a run, in the order of the DAG's nodes.</summary>
    /// <param name="run">The run.</param>
    /// <param name="allAttempts">Whether to return all attempts; otherwise only the latest attempt of each node.</param>
    public abstract IReadOnlyList<StoredNodeRun> GetNodeRuns(StoredRun run, bool allAttempts = false);

    /// <summary>Gets the sub-runs of a composite node, in the order of their elements. A restarted sub-run is returned once.</summary>
    /// <param name="run">The run that the node is in.</param>
    /// <param name="label">The composite node's label.</param>
    /// <param name="unfinished">Whether to return only those that did not complete, as a restart needs them.</param>
    public abstract IEnumerable<StoredRun> GetSubRuns(StoredRun run, string label, bool unfinished = false);

    /// <summary>Gets the first sub-runs of a composite node that failed, in the order of their elements.</summary>
    /// <param name="run">The run that the node is in.</param>
    /// <param name="label">The composite node's label.</param>
    /// <param name="most">How many to return at most.</param>
    internal virtual IEnumerable<StoredRun> GetFailedSubRuns(StoredRun run, string label, int most) =>
        GetSubRuns(run, label, unfinished: true).Where(subRun => subRun.Status == DagRunStatus.Failed).Take(most);

    /// <summary>Gets the completed sub-runs of a composite node with their outputs, without a query for each.</summary>
    /// <param name="run">The run that the node is in.</param>
    /// <param name="label">The composite node's label.</param>
    public abstract IEnumerable<SubRunOutput> GetSubRunOutputs(StoredRun run, string label);

    /// <summary>Reads the sub-runs of one node that completed, one by one, older ones of an element before newer ones.</summary>
    /// <param name="run">The run.</param>
    /// <param name="label">The composite node's label.</param>
    /// <param name="take">Takes each.</param>
    internal virtual void ReadCompleted(StoredRun run, string label, CompletedSubRunTaker take)
    {
        foreach (var (key, text, id, branch, output) in GetSubRunOutputs(run, label))
        {
            take(new()
            {
                Key = key,
                Ordinal = -1,
                ElementKey = text,
                ElementId = id,
                Branch = branch,
                Apart = output is { IsLarge: true } ? output : null,
                Output = output is { IsLarge: false } ? Encoding.UTF8.GetBytes(GetText(output)) : [],
            });
        }
    }

    /// <summary>Gets the inputs of the sources of a composite node's sub-runs. Only sources that completed are returned.</summary>
    /// <param name="run">The run that the node is in.</param>
    /// <param name="label">The composite node's label.</param>
    /// <returns>For each, the store's key of the sub-run, and the input as <see cref="GetInput"/> returns it.</returns>
    public abstract IEnumerable<(StoreKey Key, string Input)> GetSubRunInputs(StoredRun run, string label);

    /// <summary>
    /// Gets the inputs of the sources of a composite node's sub-runs at their latest attempts, however these ended, in the order of the
    /// elements.
    /// </summary>
    /// <param name="run">The run that the node is in.</param>
    /// <param name="label">The composite node's label.</param>
    /// <returns>For each, the position of the element, and the input as <see cref="GetInput"/> returns it.</returns>
    public virtual IEnumerable<(int Ordinal, string Input)> GetElementInputs(StoredRun run, string label)
    {
        foreach (var subRun in GetSubRuns(run, label))
        {
            if (GetNodeRuns(subRun) is [var source, ..] && GetInput(source) is { } input)
                yield return (subRun.Ordinal, input);
        }
    }

    /// <summary>Gets the different shapes of a composite node's completed sub-runs, each once.</summary>
    /// <param name="run">The run that the node is in.</param>
    /// <param name="label">The composite node's label.</param>
    public abstract IReadOnlyList<SubRunShape> GetSubRunShapes(StoredRun run, string label);

    /// <summary>Gets the latest order that <see cref="RecordElements"/> recorded for a map, or <see langword="null"/>.</summary>
    /// <param name="run">The run that the map is in.</param>
    /// <param name="label">The map's label.</param>
    public abstract string? GetElements(StoredRun run, string label);

    /// <summary>
    /// Gets the labels of the nodes whose conditions were met in a run that ended (<see cref="RunEnd.MetConditions"/>), including those
    /// that waited when its process ended. Once a node has begun, <see cref="StoredNodeRun.IsConditionMet"/> tells it too.
    /// </summary>
    /// <param name="run">The run.</param>
    public abstract IReadOnlyList<string> GetMetConditions(StoredRun run);

    /// <summary>
    /// Whether every attempt of a composite node got this value, compared by its stored form. Attempts without a value do not count.
    /// </summary>
    /// <param name="run">The run that the node is in.</param>
    /// <param name="label">The composite node's label.</param>
    /// <param name="value">The value.</param>
    public abstract bool WasAlwaysGiven(StoredRun run, string label, EncodedValue value);

    /// <summary>Gets the errors of a composite node's completed sub-runs, and the first one in the order of the elements.</summary>
    /// <param name="run">The run that the node is in.</param>
    /// <param name="label">The composite node's label.</param>
    public abstract (ErrorCounts Errors, string? First) GetSubRunErrors(StoredRun run, string label);

    /// <summary>Gets the JSON text of a node run's input, or <see langword="null"/> if none is stored.</summary>
    /// <param name="node">The node run.</param>
    public abstract string? GetInput(StoredNodeRun node);

    /// <summary>
    /// Gets the JSON text of a node run's input as UTF-8, which takes less memory; or <see langword="null"/> if none is stored.
    /// </summary>
    /// <param name="node">The node run.</param>
    public virtual ReadOnlyMemory<byte>? GetInputUtf8(StoredNodeRun node) =>
        GetInput(node) is { } json ? Encoding.UTF8.GetBytes(json) : null;

    /// <summary>Gets a node run's output, or <see langword="null"/> if none is stored.</summary>
    /// <param name="node">The node run.</param>
    public abstract EncodedValue? GetOutput(StoredNodeRun node);

    /// <summary>Gets the JSON text of a value. The value may no longer hold it in memory; then it is read from the store.</summary>
    /// <param name="value">The value.</param>
    public abstract string GetText(EncodedValue value);

    /// <summary>Gets the JSON text of a value as UTF-8, which takes less memory.</summary>
    /// <param name="value">The value.</param>
    public virtual ReadOnlyMemory<byte> GetUtf8(EncodedValue value) => Encoding.UTF8.GetBytes(GetText(value));

    /// <summary>
    /// Reads the JSON text of a node run's input as UTF-8, piece by piece, so that a large one need not be in memory as a whole. Returns no
    /// pieces if none is stored.
    /// </summary>
    /// <param name="node">The node run.</param>
    public virtual IEnumerable<ReadOnlyMemory<byte>> ReadInput(StoredNodeRun node) => GetInputUtf8(node) is { } json ? [json] : [];

    /// <summary>Reads the JSON text of a node run's output as UTF-8, piece by piece, like <see cref="ReadInput"/>.</summary>
    /// <param name="node">The node run.</param>
    public virtual IEnumerable<ReadOnlyMemory<byte>> ReadOutput(StoredNodeRun node) =>
        GetOutput(node) is { } output ? [GetUtf8(output)] : [];

    /// <summary>Gets the messages of a node run as a JSON array, or <see langword="null"/> if there are none.</summary>
    /// <param name="node">The node run.</param>
    public abstract string? GetMessages(StoredNodeRun node);

    /// <summary>Gets the JSON text of a run's source input, or <see langword="null"/> if none is stored.</summary>
    /// <param name="run">The run.</param>
    public abstract string? GetSourceInput(StoredRun run);

    /// <summary>
    /// Gets the JSON text of a run's source input as UTF-8, which takes less memory; or <see langword="null"/> if none is stored.
    /// </summary>
    /// <param name="run">The run.</param>
    public virtual ReadOnlyMemory<byte>? GetSourceInputUtf8(StoredRun run) =>
        GetSourceInput(run) is { } json ? Encoding.UTF8.GetBytes(json) : null;

    /// <summary>
    /// Gets the shape that the run's DAG had when the run began or was last restarted; or <see langword="null"/> if it is not stored.
    /// </summary>
    /// <param name="run">The run.</param>
    public abstract DagDefinition? GetDefinition(StoredRun run);

    /// <summary>
    /// Finds the newest node run, in any run, whose output can be reused by this key. A store should answer with one lookup in an index,
    /// because a map may ask once for each of very many elements.
    /// </summary>
    /// <param name="key">The key, as in <see cref="ReuseRecord.Key"/>.</param>
    /// <param name="since">The earliest time at which its code may have ended; <see langword="null"/> for any.</param>
    public virtual StoredReuse? FindReuse(string key, DateTimeOffset? since = null) => null;

    /// <summary>
    /// Like <see cref="FindReuse"/>, for an element of a map. It also finds elements of this process that have completed and are not
    /// durable yet. It may miss what another process has written a moment ago.
    /// </summary>
    /// <param name="key">The key, as in <see cref="ReuseRecord.Key"/>.</param>
    /// <param name="since">The earliest time at which its code may have ended; <see langword="null"/> for any.</param>
    internal virtual StoredReuse? FindElementReuse(string key, DateTimeOffset? since) => FindReuse(key, since);

    /// <summary>
    /// Gets the runs that somebody started and in which the code of the reused elements of a map ran, in the order of the elements;
    /// <see langword="null"/> stands for runs that have been removed.
    /// </summary>
    /// <param name="runId">The full id of the run that has the map.</param>
    /// <param name="label">The label of the map.</param>
    internal virtual IReadOnlyList<string?> GetReuseOrigins(string runId, string label) => [];

    /// <summary>Records a sub-run that runs no code because its output is reused.</summary>
    /// <param name="start">How the sub-run began.</param>
    /// <param name="nodes">Its source and its sink, each with its start and its end.</param>
    /// <param name="end">How the sub-run ended.</param>
    internal virtual void RecordReused(RunStart start, IReadOnlyList<ReusedNode> nodes, RunEnd end)
    {
        var run = CreateRun(start);
        foreach (var node in nodes)
            EndNode(StartNode(run, node.Start), node.End);
        EndRun(run, end);
    }

    /// <summary>
    /// Gets the parts by which the newest reusable node run of a node is compared, so that a plan can say what has changed since.
    /// </summary>
    /// <param name="path">The path of its root run.</param>
    /// <param name="label">The node's label.</param>
    /// <returns>The parts of its code and of its inputs; <see langword="null"/> if there is no such node run.</returns>
    public virtual IReadOnlyList<ReusePart>? GetReuseParts(string path, string label) => null;

    /// <summary>
    /// Gets the newest root run of a path in which a node ran with other code and could have been reused. There is none if some run has
    /// stored the code that runs now: then its inputs are what differs.
    /// </summary>
    /// <param name="path">The path of the run.</param>
    /// <param name="label">The node's label.</param>
    /// <param name="codeKey">The key of the code that runs now, as in <see cref="ReuseRecord.CodeKey"/>.</param>
    internal virtual OtherCode? FindOtherCode(string path, string label, string codeKey) => null;

    /// <summary>
    /// Gets the sub-runs inside a root run, at any depth, that began after a given one, in the order in which they began. If very many
    /// sub-runs of a node have completed, one record stands for all of them but the last.
    /// </summary>
    /// <param name="root">The root run.</param>
    /// <param name="after">The last sub-run that is already known, or the root run.</param>
    internal virtual IEnumerable<SubRunState> GetSubRunStates(StoreKey root, StoreKey after) => [];

    /// <summary>Gets the current states of sub-runs.</summary>
    /// <param name="subRuns">The keys of the sub-runs.</param>
    internal virtual IReadOnlyList<SubRunState> GetSubRunStates(IReadOnlyCollection<StoreKey> subRuns) => [];

    /// <summary>Gets the latest attempts of the nodes of several runs, each with its run, in the order in which they began.</summary>
    /// <param name="runs">The keys of the runs.</param>
    internal virtual IReadOnlyList<(StoreKey Run, StoredNodeRun Node)> GetNodeRuns(IReadOnlyCollection<StoreKey> runs) => [];

    /// <summary>Gets the node runs of several runs that wrote messages, each with its run, the latest first.</summary>
    /// <param name="runs">The keys of the runs.</param>
    /// <param name="most">How many node runs to return at most.</param>
    internal virtual IReadOnlyList<(StoreKey Run, StoredNodeRun Node)> GetNodesWithMessages(
        IReadOnlyCollection<StoreKey> runs, int most) => [];

    /// <summary>
    /// Gets the node runs inside a root run, at any depth, that began after a given one and wrote messages or are in flight, and the
    /// present state of others, in the order in which they began.
    /// </summary>
    /// <param name="root">The root run.</param>
    /// <param name="after">The last node run that is already known, or the default.</param>
    /// <param name="others">The node runs to look at again.</param>
    internal virtual IReadOnlyList<SpeakingNode> GetSpeakingNodes(
        StoreKey root, StoreKey after, IReadOnlyCollection<StoreKey> others) => [];

    /// <summary>Counts the runs that have a waiting node, and tells when the first wait ends, if that is known.</summary>
    /// <param name="runs">The keys of the runs to look at.</param>
    internal virtual (int Count, DateTimeOffset? Next) GetWaits(IReadOnlyCollection<StoreKey> runs) => default;

    /// <summary>The id of the newest replay of a run by its DAG; <see langword="null"/> if there is none.</summary>
    /// <param name="run">The root run.</param>
    internal virtual string? FindReplay(StoredRun run) => null;

    /// <summary>
    /// The locks that live processes have or wait for, each with its process as in <see cref="StoredRun.Owner"/>. Of each lock, the first
    /// has it.
    /// </summary>
    internal virtual IReadOnlyList<(string Lock, string Owner)> GetLockHolders() => [];

    /// <summary>Asks a live run, in any process, to pause.</summary>
    /// <param name="runId">The full id of a root run.</param>
    /// <exception cref="DagException">There is no such run, or it is not running.</exception>
    public abstract void RequestPause(string runId);

    /// <summary>
    /// Whether a run of this process ended in a place that was removed or replaced while the run went on. A run that is no longer there
    /// for another reason was removed after its end.
    /// </summary>
    /// <param name="runId">The full id of a root run that has ended.</param>
    internal virtual bool HasLost(string runId) => false;

    /// <summary>Removes runs and their sub-runs. A live run is never removed.</summary>
    /// <param name="runIds">The full ids of root runs.</param>
    /// <returns>How many root runs were removed.</returns>
    public abstract int RemoveRuns(IReadOnlyCollection<string> runIds);

    /// <summary>
    /// Like <see cref="RemoveRuns"/>, for a few runs that are removed because a newer one has completed. The place that they leave is for
    /// the next runs, and need not be given back.
    /// </summary>
    /// <param name="runIds">The full ids of root runs.</param>
    internal virtual void RemoveOldRuns(IReadOnlyCollection<string> runIds) => RemoveRuns(runIds);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes all posted records and closes the store.</summary>
    /// <param name="disposing">Whether it is called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
