using System.Globalization;

namespace Lythonic.Dag.Hosting;

/// <summary>How far a map in flight is. Sub-runs inside its elements do not count.</summary>
/// <param name="runId">The run of the map.</param>
/// <param name="label">The label of the map.</param>
/// <param name="elements">How many elements it has.</param>
internal sealed class MapProgress(string runId, string label, int elements)
{
    private readonly string _begin = $"/{label}[";
    private readonly HashSet<string> _inFlight = [];
    private readonly ElementTally _tally = new();
    private int _taken;

    /// <summary>The run of the map.</summary>
    public string RunId => runId;

    /// <summary>The label of the map.</summary>
    public string Label => label;

    /// <summary>How many elements it has.</summary>
    public int Elements => elements;

    /// <summary>How many of them are done.</summary>
    public int Done => Math.Min(_taken + _tally.Done, elements);

    /// <summary>How far it is, such as <c>728 of 1,000 elements done, 700 reused</c>.</summary>
    public string Status
    {
        get
        {
            var done = string.Create(CultureInfo.InvariantCulture, $"{Done:N0} of {elements:N0} elements done");
            return _tally.Reused == 0 ? done : string.Create(CultureInfo.InvariantCulture, $"{done}, {_tally.Reused:N0} reused");
        }
    }

    /// <summary>So many elements were done before the map began.</summary>
    public void TakeOver(int elements) => _taken = elements;

    /// <summary>A sub-run began, which may be that of an element.</summary>
    /// <param name="path">The path of the sub-run.</param>
    /// <param name="parentRunId">The run around it.</param>
    /// <param name="subRunId">The sub-run.</param>
    public void Begin(string path, string parentRunId, string subRunId)
    {
        if (parentRunId == runId && path.Contains(_begin, StringComparison.Ordinal))
            _inFlight.Add(subRunId);
    }

    /// <summary>A node of a run ended, which may be the sub-run of an element.</summary>
    public void NodeEnded(string subRunId, NodeStatus status)
    {
        if (_inFlight.Contains(subRunId))
            _tally.NodeEnded(subRunId, status);
    }

    /// <summary>A run ended, which may be the sub-run of an element.</summary>
    public void End(string subRunId)
    {
        if (_inFlight.Remove(subRunId))
            _tally.Ended(subRunId);
    }
}
