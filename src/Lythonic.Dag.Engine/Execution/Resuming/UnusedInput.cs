using System.Collections;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Finds source input that is given to a restart or a replay for nodes that do not run again, so that the user is told.</summary>
internal static class UnusedInput
{
    /// <summary>The labels of the nodes that are done and are given other values than the stored ones.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="done">The labels of the nodes that do not run.</param>
    /// <param name="stored">The stored source input, or <see langword="null"/>.</param>
    /// <param name="given">What is given now.</param>
    /// <param name="codec">Tells whether two values are the same.</param>
    /// <param name="objects">Looks behind the host's wrappers.</param>
    public static IReadOnlyList<string> Find(
        CompiledDag dag, IEnumerable<string> done, IDictionary? stored, IDictionary given, IValueCodec codec, IHostObjects objects)
    {
        SourceInputs Assign(IDictionary? input) => SourceInputs.Assign(dag.Graph, index => dag.Nodes[index].IsSource, input, objects, []);
        var (before, now) = (Assign(stored), Assign(given));
        bool Differs(int node) =>
            now.For(node).Any(input => !before.For(node).TryGetValue(input.Key, out var old) || !AreSame(old, input.Value, codec))
            || (now.TryGetPipelineValue(node, out var value)
                && !(before.TryGetPipelineValue(node, out var oldValue) && AreSame(oldValue, value, codec)));
        var labels = done.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return dag.Nodes.Where(node => labels.Contains(node.Label) && Differs(node.Index)).Select(node => node.Label).ToArray();
    }

    private static bool AreSame(object? one, object? other, IValueCodec codec)
    {
        try
        {
            return codec.Encode(one).Json == codec.Encode(other).Json;
        }
        catch (ValueNotStorableException)
        {
            return false;
        }
    }
}
