using System.Text;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The elements of a composite node that failed.</summary>
internal sealed class ElementFailures(CompiledNode node)
{
    private const int ToldInFull = 10;

    private readonly List<(string Key, string? InnerNode, NodeFailure Failure)> _failures = [];
    private int _count;

    /// <summary>How many elements failed.</summary>
    public int Count => _count;

    /// <summary>Whether more failed than are allowed.</summary>
    /// <param name="elements">How many elements there are.</param>
    public bool Exceed(int elements) => _count > (node.Node.Settings.AllowedFailure?.LimitFor(elements) ?? 0);

    /// <summary>Takes a failure. Past the first ones only the number is kept.</summary>
    /// <param name="key">The key of the element.</param>
    /// <param name="innerNode">The node inside that failed; <see langword="null"/> where the sub-run did not begin.</param>
    /// <param name="failure">Why.</param>
    public void Add(string key, string? innerNode, NodeFailure failure)
    {
        _count++;
        if (_failures.Count < ToldInFull)
            _failures.Add((key, innerNode, failure));
    }

    /// <summary>The failure of the node: the first cause where there is one, a list of the first ten and a number where there are more.</summary>
    /// <param name="elements">How many elements there are.</param>
    public NodeFailure Summary(int elements)
    {
        var (key, inner, first) = _failures[0];
        if (_count == 1)
        {
            return first with
            {
                Message = $"{Where(key, inner)} failed: {first.Message}",
                Detail = $"{Where(key, inner)} failed: {first.Detail ?? first.Message}",
            };
        }

        var text = Text();
        return new($"{_count} of {elements} elements of node '{node.Label}' failed: {text}", text, first.Exception, first.Native);
    }

    /// <summary>The failures, one a line.</summary>
    public string Text() => string.Join('\n', Lines());

    /// <summary>The failures as messages of the node run.</summary>
    public string? Messages(RunSession session) => _count == 0 ? null : MessageJson.Write(List(session));

    /// <summary>The failures as a list of messages.</summary>
    public IReadOnlyList<NodeMessage> List(RunSession session)
    {
        var now = session.Now();
        return [.. Lines().Select(line => new NodeMessage("error", line, now))];
    }

    /// <summary>Forgets them, for another attempt.</summary>
    public void Clear()
    {
        _failures.Clear();
        _count = 0;
    }

    private IEnumerable<string> Lines()
    {
        foreach (var (key, inner, failure) in _failures)
            yield return $"{Where(key, inner)} failed: {failure.Message}";
        if (_count > _failures.Count)
            yield return $"and {_count - _failures.Count} more";
    }

    private string Where(string key, string? inner) =>
        (node.Node.Kind == NodeKind.Map ? $"Element [{key}] of map node '{node.Label}'" : $"The sub-DAG of '{node.Label}'") + (inner is null ? "" : $", in node '{inner}',");
}
