using System.Text;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The elements of a composite node that failed.</summary>
internal sealed class ElementFailures(CompiledNode node, RunSession session)
{
    /// <summary>What stands between the numbers and the failures, where these were allowed.</summary>
    public const string Within = "elements failed, which is within what is allowed";

    private const int ToldInFull = 10;

    private readonly List<(MapElement Element, string? InnerNode, NodeFailure Failure)> _failures = [];
    private List<(MapElement Element, string? InnerNode, NodeFailure Failure)>? _ofBatch;
    private int _count;
    private int _before;

    /// <summary>How many elements failed.</summary>
    public int Count => _count;

    /// <summary>Whether more failed than are allowed, of all elements or of a batch of them.</summary>
    /// <param name="elements">How many elements these are.</param>
    public bool Exceed(int elements) => _count - _before > (node.Settings.AllowedFailure?.LimitFor(elements) ?? 0);

    /// <summary>Takes a failure. Past the first ones only the number is kept.</summary>
    /// <param name="element">The element.</param>
    /// <param name="innerNode">The node inside that failed; <see langword="null"/> where the sub-run did not begin.</param>
    /// <param name="failure">Why.</param>
    public void Add(MapElement element, string? innerNode, NodeFailure failure)
    {
        _count++;
        if (_failures.Count < ToldInFull)
            _failures.Add((element, innerNode, failure));
        if (_ofBatch is not null && _ofBatch.Count < ToldInFull)
            _ofBatch.Add((element, innerNode, failure));
    }

    /// <summary>Another batch begins, of which the failures are judged apart from those before.</summary>
    public void BeginBatch()
    {
        _before = _count;
        _ofBatch = [];
    }

    /// <summary>
    /// The failure of the node: the first cause where there is one, a list of the first ten and a number where there are more.
    /// </summary>
    /// <param name="batches">Which elements these are.</param>
    public NodeFailure Summary(Batches batches)
    {
        var failures = _ofBatch ?? _failures;
        var count = _count - _before;
        var (element, inner, first) = failures[0];
        var batch = batches.Number is { } number ? $"Batch {number}, after which no other one starts: " : "";
        if (count == 1)
        {
            var where = batch + Where(element, inner);
            return first with { Message = $"{where} failed: {first.Message}", Detail = $"{where} failed: {first.Detail ?? first.Message}" };
        }

        var text = string.Join('\n', Lines(failures, count));
        var head = $"{batch}{count} of {batches.Size} elements of node '{node.Label}' failed: {text}";
        return new(head, batch.Length == 0 ? text : head, first.Exception, first.Native)
        {
            ErrorId = failures.TrueForAll(other => other.Failure.ErrorId == first.ErrorId) ? first.ErrorId : null,
        };
    }

    /// <summary>
    /// What is said of a node that completed although elements failed: of the first to who watches, of all in the node run.
    /// </summary>
    /// <param name="elements">How many elements there are.</param>
    public (string First, string All) Allowed(int elements)
    {
        var allowed = $"{node.Settings.AllowedFailure}{(node.Settings.Batch is null ? "" : " of each batch")}";
        var count = $"{_count} of {elements} {Within} ({allowed})";
        return ($"{count}{(_count > 1 ? "; the first" : "")}: {Lines().First()}", $"{count}: {Summary()}");
    }

    /// <summary>The failures, one a line.</summary>
    private string Summary() => string.Join('\n', Lines());

    /// <summary>The failures as messages of the node run.</summary>
    public string? Messages() => _count == 0 ? null : MessageJson.Write(List());

    /// <summary>The failures as a list of messages.</summary>
    public IReadOnlyList<NodeMessage> List()
    {
        var now = session.Now();
        return [.. Lines().Select(line => new NodeMessage("error", line, now))];
    }

    /// <summary>Forgets them, for another attempt.</summary>
    public void Clear()
    {
        _failures.Clear();
        _count = 0;
        _before = 0;
        _ofBatch = null;
    }

    private IEnumerable<string> Lines() => Lines(_failures, _count);

    private IEnumerable<string> Lines(List<(MapElement Element, string? InnerNode, NodeFailure Failure)> told, int count)
    {
        foreach (var (element, inner, failure) in told)
            yield return $"{Where(element, inner)} failed: {failure.Message}";
        if (count > told.Count)
            yield return $"and {count - told.Count} more";
    }

    private string Where(MapElement element, string? inner) =>
        node.Composite!.Describe(node, element, session.Codec) + (inner is null ? "" : $", in node '{inner}',");
}
