using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The progress bar of a run whose elements come from a pipeline. It shows how many elements are done, how many of them were
/// reused and how many run a second; once all have come, also how many there are and how long the rest will take.
/// </summary>
/// <param name="position">The position of the command in its pipeline. Several commands in one pipeline have a bar each.</param>
internal sealed class FeedProgress(int position) : IRunProgress
{
    // How many ids are left for the bars of the code that runs for the elements.
    private const int IdsOfOne = 0x10000;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly Queue<(long Time, int Ran)> _samples = new();
    private readonly ElementTally _elements = new();
    private string? _root;
    private string _name = "";
    private int? _total;
    private long _latest = Stopwatch.GetTimestamp();
    private bool _asked;
    private bool _changed;
    private bool _shown;

    /// <inheritdoc/>
    public int FirstId { get; } = RunProgress.RunBar + ((position - 1) * IdsOfOne);

    /// <inheritdoc/>
    public void RunStarted(string runId, string path, int nodeCount, string? parentRunId)
    {
        if (parentRunId is not null)
            return;
        lock (_gate)
        {
            (_root, _name) = (runId, path);
            _samples.Enqueue((Stopwatch.GetTimestamp(), 0));
        }
    }

    /// <inheritdoc/>
    public void MapExpanded(string runId, string label, int elements)
    {
        // Show at once how much is left.
        lock (_gate)
            (_total, _asked) = (elements, _asked || _shown);
    }

    /// <inheritdoc/>
    /// <remarks>A restart has the bars of <see cref="RunProgress"/>.</remarks>
    public void NodesTakenOver(string runId, int nodes)
    {
    }

    /// <inheritdoc/>
    public void ElementsTakenOver(string runId, string label, int elements)
    {
    }

    /// <inheritdoc/>
    /// <remarks>Only one node has code, so only that node writes.</remarks>
    public int InFlight => 1;

    /// <inheritdoc/>
    public int Wait
    {
        get
        {
            // A change that came too early to be shown is shown as soon as it may be, even if no other change follows.
            lock (_gate)
                return _changed && _root is not null ? (int)Math.Max(0, Math.Ceiling(Left.TotalMilliseconds)) : Timeout.Infinite;
        }
    }

    /// <inheritdoc/>
    public bool NodeStarted(string runId, string label) => false;

    /// <inheritdoc/>
    public bool NodeEnded(string runId, string label, NodeStatus status)
    {
        lock (_gate)
        {
            if (runId != _root)
                _elements.NodeEnded(runId, status);
        }

        return false;
    }

    /// <inheritdoc/>
    public bool RunEnded(string runId)
    {
        lock (_gate)
        {
            if (runId != _root)
                _elements.Ended(runId);
            _changed = true;
            // PowerShell refuses a progress record that has no activity.
            if (_asked || _root is null || Left > TimeSpan.Zero)
                return false;
            return _asked = true;
        }
    }

    /// <inheritdoc/>
    public void Write(IStreamTarget target, bool isNeeded)
    {
        ProgressRecord bar;
        lock (_gate)
        {
            if (_root is null || !(_asked || (_changed && Left <= TimeSpan.Zero) || (isNeeded && !_shown)))
                return;
            _asked = _changed = false;
            _shown = true;
            _latest = Stopwatch.GetTimestamp();
            bar = Bar(Rate());
        }

        target.WriteProgress(bar);
    }

    /// <inheritdoc/>
    public void Complete(IStreamTarget target)
    {
        if (_shown)
            target.WriteProgress(new ProgressRecord(FirstId, _name, "done") { RecordType = ProgressRecordType.Completed });
    }

    // How long the bar may not be written yet.
    private TimeSpan Left => Every - Stopwatch.GetElapsedTime(_latest);

    private double Rate()
    {
        while (_samples.Count > 1 && Stopwatch.GetElapsedTime(_samples.Peek().Time) > Window)
            _samples.Dequeue();
        var (time, before) = _samples.Peek();
        var ran = _elements.Done - _elements.Reused;
        _samples.Enqueue((_latest, ran));
        return (ran - before) / Math.Max(0.001, Stopwatch.GetElapsedTime(time, _latest).TotalSeconds);
    }

    private ProgressRecord Bar(double rate)
    {
        var done = _elements.Done;
        var count = _total is { } all ? $"{Text(done)} of {Text(all)} done" : $"{Text(done)} done";
        var reused = _elements.Reused == 0 ? "" : $", {Text(_elements.Reused)} reused";
        var bar = new ProgressRecord(FirstId, _name, $"{count}{reused}, {Text(rate)}/s") { PercentComplete = -1 };
        if (_total is not { } total)
            return bar;
        bar.PercentComplete = total == 0 ? 100 : (int)Math.Min(100, done * 100L / total);
        if (rate > 0)
            bar.SecondsRemaining = (int)Math.Min(int.MaxValue, Math.Ceiling((total - done) / rate));
        return bar;
    }

    private static string Text(double number) => number.ToString(number < 10 ? "0.#" : "N0", CultureInfo.InvariantCulture);
}
