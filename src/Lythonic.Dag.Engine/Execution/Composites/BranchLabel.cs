using System.Collections;
using System.Globalization;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Reads the branch that a value carries, if no <c>-By</c> picks one. The value itself is not changed.</summary>
internal static class BranchLabel
{
    private const string Key = "__switch__";

    /// <summary>Reads the branch of a value.</summary>
    /// <param name="node">The node.</param>
    /// <param name="element">Its value is a dictionary or an object with the key <c>__switch__</c>, or an array of branch and
    /// value.</param>
    /// <param name="objects">Looks behind the host's wrappers.</param>
    /// <param name="rest">The input of the branch: the dictionary or the property bag without the key, or the second item of the array.
    /// The original is not changed.</param>
    public static NodeOutcome Read(CompiledNode node, MapElement element, IHostObjects objects, out MapElement rest)
    {
        rest = element;
        var bare = objects.Unwrap(element.Value);
        if (bare is IList { Count: 2 } pair)
        {
            rest = new(element.Ordinal, element.Key, pair[1]) { Id = element.Id };
            return NodeOutcome.Completed(pair[0]);
        }

        if (bare is not (null or IList) && objects.TryGetMember(bare, Key, out var branch))
        {
            rest = new(element.Ordinal, element.Key, objects.WithoutMember(bare, Key)) { Id = element.Id };
            return NodeOutcome.Completed(branch);
        }

        return NodeOutcome.Failed(new NodeFailure(
            $"The value for node '{node.Label}' carries no branch: if no code chooses one, "
                + $"it must be a dictionary or an object with a key '{Key}' or an array of branch and value; "
                + $"it is {(bare is null ? "nothing" : $"a {bare.GetType()}")}."));
    }

    /// <summary>A branch as text.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: there are several.</exception>
    public static string Render(CompiledNode node, object? branch, IHostObjects objects) => objects.Unwrap(branch) switch
    {
        IList { Count: > 1 } several => throw new DagException(
            DagErrorId.DagTypeMismatch,
            $"{(node.Declaration.SubDags!.By is null ? "The value for" : "The choice of a branch of")} node '{node.Label}' "
                + $"gave {several.Count} values, and a branch is one: "
                + $"{LabelList.Join(several.Cast<object?>().Select(value => Plain(value, objects)))}. "
                + $"Its branches are: {LabelList.Join(node.SubDags!.Keys)}.",
            node.Label)
        {
            Remedy = new(DagRemedyKind.ChooseOneBranch),
        },
        IList { Count: 1 } one => Render(node, one[0], objects),
        IList => "",
        _ => Plain(branch, objects),
    };

    private static string Plain(object? branch, IHostObjects objects) =>
        Convert.ToString(objects.Unwrap(branch), CultureInfo.InvariantCulture) ?? "";

    /// <summary>The failure of a value whose branch does not exist.</summary>
    public static NodeFailure Unknown(CompiledNode node, string branch) =>
        new($"The node '{node.Label}' has no branch '{branch}'; its branches are: {LabelList.Join(node.SubDags!.Keys)}.");
}
