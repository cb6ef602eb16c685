using System.Globalization;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The elements of a composite node that failed.</summary>
internal sealed class ElementFailures(CompiledNode node, RunSession session)
{
    /// <summary>The words behind the numbers in the error of a node of which some elements failed.</summary>
    public const string Said = "elements failed";

    private const int ToldInFull = 10;

    private readonly List<Failed> _failures = [];
    private List<Failed>? _ofBatch;
    private DateTimeOffset _last;
    private int _count;
    private int _before;

    /// <summary>How many elements failed.</summary>
    public int Count => _count;

    /// <summary>Whether more elements failed than are allowed, among all elements or within the current batch.</summary>
    /// <param name="elements">How many elements there are, in all or in the batch.</param>
    public bool Exceed(int elements) => _count - _before > (node.Settings.AllowedFailure?.LimitFor(elements) ?? 0);

    /// <summary>Adds a failure. After the first few, only the number is kept.</summary>
    /// <param name="element">The element.</param>
    /// <param name="innerNode">The node of the sub-run that failed; <see langword="null"/> if the sub-run did not begin.</param>
    /// <param name="failure">The failure.</param>
    public void Add(MapElement element, string? innerNode, NodeFailure failure)
    {
        _count++;
        _last = session.Now();
        var failed = new Failed(element, innerNode, failure, _last);
        if (_failures.Count < ToldInFull)
            _failures.Add(failed);
        if (_ofBatch is not null && _ofBatch.Count < ToldInFull)
            _ofBatch.Add(failed);
    }

    /// <summary>Begins another batch: its failures are counted apart from those before.</summary>
    public void BeginBatch()
    {
        _before = _count;
        _ofBatch = [];
    }

    /// <summary>
    /// The failure of the node: the first cause and, if there are more, their number and a list of the first ten.
    /// </summary>
    /// <param name="batches">The batch that the error names.</param>
    public NodeFailure Summary(Batches batches)
    {
        var failures = _ofBatch ?? _failures;
        var count = _count - _before;
        var first = failures[0].Failure;
        var batch = batches.Number is { } number ? $" in batch {number}, after which no other one starts" : "";
        var place = Place(failures[0]);
        if (count == 1)
        {
            var only = batch.Length == 0 ? place : place with { Count = new(node.Label, $"failed{batch}", "") };
            // The rest of the detail, such as the position in the script, comes at the end.
            var after = first.Detail is not { } detail ? ""
                : detail.StartsWith(first.Message, StringComparison.Ordinal) ? detail[first.Message.Length..]
                : $"\n{detail}";
            return first with { Message = only.Message, Detail = only.Message + after, Element = only };
        }

        var others = string.Join('\n', Lines(failures, count).Skip(1));
        var text = $"{NumberText.Count(count)} of {NumberText.Count(batches.Size)} {Said}{batch}";
        var all = place with { Count = new(node.Label, text, others) };
        return new(all.Message, all.Message, first.Exception, first.Native)
        {
            ErrorId = failures.TrueForAll(other => other.Failure.ErrorId == first.ErrorId) ? first.ErrorId : null,
            Element = all,
            Attempts = first.Attempts,
        };
    }

    /// <summary>
    /// The texts for a node that completed although elements failed: a warning with the first failure, and the node run's error with all.
    /// </summary>
    /// <param name="elements">How many elements there are.</param>
    /// <param name="saysLimit">
    /// Whether they say how many may fail: not for a map that a user gave no limit, because its elements come from a pipeline.
    /// </param>
    public (string First, string All) Allowed(int elements, bool saysLimit)
    {
        var limit = saysLimit
            ? $", which is within what is allowed ({node.Settings.AllowedFailure}{(node.Settings.Batch is null ? "" : " of each batch")})"
            : "";
        var count = $"{NumberText.Count(_count)} of {NumberText.Count(elements)} {Said}{limit}";
        var all = Place(_failures[0]) with { Count = new(node.Label, count, string.Join('\n', Lines().Skip(1))) };
        return ($"{count}{(_count > 1 ? "; the first" : "")}: {Lines().First()}", all.Message);
    }

    /// <summary>The failures as messages of the node run.</summary>
    public string? Messages() => _count == 0 ? null : MessageJson.Write(List());

    /// <summary>The failures as a list of messages.</summary>
    public IReadOnlyList<NodeMessage> List() =>
        [.. Lines().Select((line, index) => new NodeMessage("error", line, index < _failures.Count ? _failures[index].At : _last))];

    /// <summary>Forgets them, for another attempt.</summary>
    public void Clear()
    {
        _failures.Clear();
        _count = 0;
        _before = 0;
        _ofBatch = null;
    }

    private IEnumerable<string> Lines() => Lines(_failures, _count);

    private IEnumerable<string> Lines(List<Failed> told, int count)
    {
        foreach (var failure in told)
            yield return (Place(failure) with { Count = null }).Message;
        if (count > told.Count)
            yield return $"and {NumberText.Count(count - told.Count)} more";
    }

    // The node of a sub-DAG that was made from one scriptblock has the label of its map, so naming it would add nothing.
    private FailedElement Place(Failed failed)
    {
        var (path, value) = node.Composite!.Describe(node, failed.Element, session.Codec);
        var (inner, failure) = (failed.Failure.Element, failed.Failure);
        if (inner is not null)
        {
            // The path names an element by its key. Only a position says nothing of the value.
            var isNamed = failed.Element.Key != failed.Element.Ordinal.ToString(CultureInfo.InvariantCulture);
            return new($"{path}/{inner.Path}", inner.Cause, node.HasElements && isNamed ? inner.Value : Joined(inner.Value, value))
            {
                // Of a map inside an element, the element's own run says how many failed.
                Count = node.HasElements || inner.Count is not { } count ? null : count with { Map = $"{path}/{count.Map}" },
            };
        }

        var isSame = failed.Inner is null
            || (node.HasElements && failed.Inner.Equals(node.Label, StringComparison.OrdinalIgnoreCase));
        var cause = ErrorPlace.Short(failed.Inner ?? node.Label, failure.Message)!;
        return new(isSame ? path : $"{path}/{failed.Inner}", cause, value);
    }

    private static string Joined(string inner, string outer) =>
        inner.Length == 0 || inner == outer ? outer
        : outer.Length == 0 ? inner
        : $"{inner} of {outer}";

    private sealed record Failed(MapElement Element, string? Inner, NodeFailure Failure, DateTimeOffset At);
}
