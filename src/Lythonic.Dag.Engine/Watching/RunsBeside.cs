using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Watching;

/// <summary>
/// The runs that are live beside the one that is watched, in any process that uses its store, and who of all these has a lock.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="root">The key of the root run that is watched.</param>
/// <param name="clock">The clock.</param>
internal sealed class RunsBeside(DagProvenance store, StoreKey root, TimeProvider clock)
{
    // They are asked for more rarely than the run itself.
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private IReadOnlyList<StoredRun> _live = [];
    private IReadOnlyList<(string Lock, string Owner)>? _holders;
    private DateTimeOffset _next;

    /// <summary>The other runs, the newest first.</summary>
    public IReadOnlyList<StoredRun> Others => [.. _live.Where(run => run.Key != root)];

    /// <summary>Reads them, if enough time has passed since the last time.</summary>
    public void Read()
    {
        _holders = null;
        if (clock.GetUtcNow() < _next)
            return;
        _next = clock.GetUtcNow() + Again;
        _live = [.. store.FindRuns(new RunQuery { Statuses = [DagRunStatus.Running] })];
    }

    /// <summary>What a node waits for. If that is a lock that somebody has in the store, who has it is added.</summary>
    /// <param name="waits">What the node says that it waits for, or <see langword="null"/>.</param>
    public string? WithHolder(string? waits)
    {
        if (waits is null || !waits.StartsWith(NodeLocks.WaitsFor, StringComparison.Ordinal))
            return waits;
        _holders ??= store.GetLockHolders();
        var held = _holders.FirstOrDefault(one => waits.Contains($"'{one.Lock}'", StringComparison.OrdinalIgnoreCase));
        return held.Owner is null ? waits : $"{waits}, held by {Holder(held.Owner)}";
    }

    // The store knows the process that has a lock, and the runs of that process.
    private string Holder(string owner)
    {
        var runs = _live.Where(run => run.Owner == owner).ToList();
        var process = WatchText.Process(owner, _live.FirstOrDefault(run => run.Key == root)?.Owner);
        return runs switch
        {
            [] => process,
            [var one] when one.Key == root => "another node of this run",
            [var one] => $"{Name(one)} in {process}",
            [var one, var two] => $"{Name(one)} or {Name(two)} in {process}",
            _ => $"one of {runs.Count} runs in {process}",
        };
    }

    private string Name(StoredRun run) => run.Key == root ? "this run" : $"run {RunIds.Short(run.RunId)} of '{run.DagName}'";
}
