using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Watching;

/// <summary>Reads all messages of the nodes of a run, at any depth, each once: for lines, which leave nothing out.</summary>
/// <param name="store">The store that has the run.</param>
/// <param name="root">The root run.</param>
/// <param name="path">The path of the run that is watched: the root run, or one inside it.</param>
internal sealed class MessageFeed(DagProvenance store, StoreKey root, string path)
{
    private const string OnlyCall = "[call]/";

    private readonly HashSet<StoreKey> _open = [];
    private StoreKey _last;

    /// <summary>The messages of node runs that have ended since the last call, in the order in which they were written.</summary>
    /// <param name="prefixOf">The text before the labels of a run that is shown; <see langword="null"/> for any other run.</param>
    public IReadOnlyList<WatchedMessage> Read(Func<StoreKey, string?> prefixOf)
    {
        var said = new List<WatchedMessage>();
        foreach (var node in store.GetSpeakingNodes(root, _last, _open))
        {
            _last = node.Key > _last ? node.Key : _last;
            if (node.IsInFlight)
            {
                _open.Add(node.Key);
                continue;
            }

            _open.Remove(node.Key);
            if (node.Messages is not null && Where(node, prefixOf) is { } where)
                said.AddRange(MessageJson.Read(node.Messages)
                    .Where(message => message.Stream != "error" || node.Kind.RunsCode())
                    .Select(message => new WatchedMessage(where, message.Stream, message.Text, message.Time)));
        }

        return [.. said.OrderBy(message => message.Time)];
    }

    private string? Where(SpeakingNode node, Func<StoreKey, string?> prefixOf)
    {
        if (prefixOf(node.Run) is { } prefix)
            return prefix + node.Label;
        if (!node.Path.StartsWith($"{path}/", StringComparison.OrdinalIgnoreCase))
            return null;
        // The only sub-run of a call is known by the label of its node, as in errors.
        var inside = node.Path[(path.Length + 1)..].Replace(OnlyCall, "/", StringComparison.Ordinal);
        if (inside.EndsWith(OnlyCall[..^1], StringComparison.Ordinal))
            inside = inside[..^(OnlyCall.Length - 1)];
        // The sub-DAG of a scriptblock is one node, which has the label of the composite node.
        return node.Label.Equals(node.ParentNode, StringComparison.OrdinalIgnoreCase) ? inside : $"{inside}/{node.Label}";
    }
}
