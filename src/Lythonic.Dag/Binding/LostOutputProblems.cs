using Lythonic.Dag.Hosting;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Warnings for <c>Test-Dag</c>: outputs that no node takes, although a parameter of a downstream could take them as well as the output
/// that it takes; and elements of a map that its code does not take. An edge may be there only for the order, so what is doubtful is not
/// warned of.
/// </summary>
internal static class LostOutputProblems
{
    /// <summary>The warnings, in the order of the nodes.</summary>
    public static IEnumerable<DagProblem> Find(Dag dag) => Find(DagCompiler.Sketch(dag), "", []);

    private static IEnumerable<DagProblem> Find(CompiledDag dag, string path, HashSet<Dag> seen) => !seen.Add(dag.Graph) ? []
        : dag.Nodes.SelectMany(node => OfNode(dag, node, path)
            .Concat(OfElements(node, path))
            .Concat((node.SubDags?.All ?? []).SelectMany(sub => Find(sub, $"{path}{node.Label}/", seen))));

    private static IEnumerable<DagProblem> OfNode(CompiledDag dag, CompiledNode node, string path)
    {
        if (!IsChecked(node) || node.Upstreams.Length < 2)
            return [];
        if (Array.Find(node.Inputs, IsList) is { } collecting && collecting.Upstreams.Select(at => dag.Nodes[at]).ToList() is var all
            && all.Find(upstream => upstream is { HasElements: true, OutputType: null }) is { } map)
            return [ListInList($"{path}{node.Label}", node, collecting.Parameter, map, all)];
        var lost = node.Upstreams.Select(upstream => dag.Nodes[upstream]).Where(upstream => IsLost(dag, upstream)).ToList();
        if (lost.Count == 0)
            return [];
        if (node.Inputs.Length == 0 && lost.Count == node.Upstreams.Length
            && node.Signature!.Parameters is [{ IsMandatory: false, HasDefault: false } empty] && TypeShape.TakesLeftOver(empty))
            return [Undecided($"{path}{node.Label}", node, empty, lost)];
        if (Array.Find(node.Inputs, input => IsListByType(dag, node, input)) is { } list && lost.Exists(IsUndeclared))
            return [LeftOut($"{path}{node.Label}", dag, node, list, lost.FindAll(IsUndeclared))];
        return node.Inputs.Where(input => IsByChance(dag, node, input)).Take(1).SelectMany(input => lost
            .Where(upstream => CouldTake(input.Parameter, upstream))
            .Select(upstream => Lost($"{path}{node.Label}", node, input.Parameter, dag.Nodes[input.Upstreams[0]], upstream)));
    }

    // Of a map whose constants fill every parameter of its code, which has no $_ then either.
    private static IEnumerable<DagProblem> OfElements(CompiledNode map, string path) =>
        map is { HasElements: true, SubDags.Single.Source: { Inputs.Length: > 0, ElementParameters: [], Settings.If: null } source }
            && IsChecked(source) && source.Settings.Hosts?.Chooser is null
            ? [Warning(
                $"{path}{map.Label}",
                $"Nothing takes the elements of the map '{map.Label}': constants fill all parameters of its code, and $_ is empty in code "
                    + "with parameters.",
                "Declare the element as the first parameter of the code.")]
            : [];

    private static bool CouldTake(NodeParameter parameter, CompiledNode upstream) =>
        upstream.OutputType is not { } from || parameter.Type is not { } to || !TypeShape.CannotConvert(from, to);

    // The wiring of a node with a problem, or on a cycle, is not known.
    private static bool IsChecked(CompiledNode node) =>
        node is { Signature: not null, Code: ScriptBlockCode, TakesPipelineValue: false, IsClosing: false, IsOnCycle: false };

    private static bool IsLost(CompiledDag dag, CompiledNode upstream) =>
        Gives(upstream) && Array.TrueForAll(upstream.Downstreams, downstream => !Takes(dag.Nodes[downstream], upstream));

    // Conditions and the choice of a host see all outputs, and closing nodes how all upstreams ended.
    private static bool Takes(CompiledNode node, CompiledNode upstream) =>
        !IsChecked(node) || node.Settings.If is not null || node.Settings.Hosts?.Chooser is not null
            || Array.Exists(node.Inputs, input => input.Upstreams.Contains(upstream.Index));

    private static bool Gives(CompiledNode node) =>
        node.SubDags is { } inner ? inner.All.Any() && inner.All.All(dag => Gives(dag.Sink))
            : node.Code is ScriptBlockCode code && node.OutputType != typeof(void)
                && (node.OutputType is not null || EvidentOutput.Has(code.Body));

    // Whether nothing but the order of the edges gave the parameter the output: no name, and no type.
    private static bool IsByChance(CompiledDag dag, CompiledNode node, InputBinding input)
    {
        if (input.IsFanIn || input.Upstreams is not [var only])
            return false;
        var (upstream, parameter) = (dag.Nodes[only], input.Parameter);
        return !parameter.GoesBy(upstream.Label)
            && (parameter.Type is null || upstream.OutputType is null || !parameter.Type.IsAssignableFrom(upstream.OutputType))
            && !IsNamed(dag, node, input);
    }

    // A list of single values that collects several outputs.
    private static bool IsList(InputBinding input) =>
        input is { IsFanIn: true, Upstreams.Length: > 1 } && TypeShape.ListElementType(input.Parameter.Type) is { } element
            && TypeShape.IsScalar(element);

    // Whether the list collects what is declared as its element, and nothing else.
    private static bool IsListByType(CompiledDag dag, CompiledNode node, InputBinding input) =>
        input.IsFanIn && input.Upstreams.All(upstream => !IsUndeclared(dag.Nodes[upstream])) && !IsNamed(dag, node, input);

    private static bool IsUndeclared(CompiledNode upstream) => upstream.OutputType is null;

    private static bool IsNamed(CompiledDag dag, CompiledNode node, InputBinding input) => dag.Graph.Edges.Any(edge =>
        edge.Parameter is not null && edge.To.Equals(node.Label, StringComparison.OrdinalIgnoreCase)
            && input.Upstreams.Any(upstream => edge.From.Equals(dag.Nodes[upstream].Label, StringComparison.OrdinalIgnoreCase)));

    private static DagProblem ListInList(
        string path, CompiledNode node, NodeParameter parameter, CompiledNode map, List<CompiledNode> all) => Warning(
        path,
        $"The parameter '{parameter.Name}' of the node '{node.Label}' is a list of the outputs of {Labels(all)}, and the output of the "
            + $"map '{map.Label}' is a list already, which cannot be one {TypeShape.Name(TypeShape.ListElementType(parameter.Type))}.",
        $"If the parameter takes only '{map.Label}', say so with Connect-DagNode {Completions.Quoted(map.Label)} "
            + $"{Completions.Quoted(node.Label)} -Parameter {parameter.Name}. The others then only come before.");

    private static DagProblem LeftOut(
        string path, CompiledDag dag, CompiledNode node, InputBinding list, List<CompiledNode> lost) => Warning(
        path,
        $"No node takes the {(lost.Count == 1 ? "output" : "outputs")} of {Labels(lost)}: the parameter '{list.Parameter.Name}' of the "
            + $"node '{node.Label}' collects what is declared as {TypeShape.Name(TypeShape.ListElementType(list.Parameter.Type))}, which "
            + $"is the output of {Labels(list.Upstreams.Select(upstream => dag.Nodes[upstream]))}.",
        $"Declare the type at {Labels(lost)} too, or say with Connect-DagNode -Parameter {list.Parameter.Name} which outputs it collects. "
            + $"If {Labels(lost)} only {(lost.Count == 1 ? "has" : "have")} to come before, declare [OutputType([void])] there.");

    private static string Labels(IEnumerable<CompiledNode> nodes) => LabelList.Join(nodes.Select(node => node.Label));

    private static DagProblem Lost(
        string path, CompiledNode node, NodeParameter parameter, CompiledNode taken, CompiledNode lost) => Warning(
        path,
        $"No node takes the output of '{lost.Label}': the parameter '{parameter.Name}' of the node '{node.Label}' takes that of "
            + $"'{taken.Label}', and no other parameter is left for it.",
        $"Declare a parameter for it too, or one list for both, such as [object[]]${parameter.Name}. If '{lost.Label}' only has to come "
            + $"before, declare [OutputType([void])] there, or call the parameter '{taken.Label}'.");

    private static DagProblem Undecided(string path, CompiledNode node, NodeParameter parameter, List<CompiledNode> lost) => Warning(
        path,
        $"No node takes the outputs of {Labels(lost)}: nothing says which of them the "
            + $"parameter '{parameter.Name}' of the node '{node.Label}' takes, so it stays empty.",
        $"Say which with Connect-DagNode -Parameter {parameter.Name}, or collect them in a list, such as [object[]]${parameter.Name}.");

    private static DagProblem Warning(string path, string message, string action) =>
        new(DagErrorId.DagNodeDoubtful, path, message, action) { Severity = DagProblemSeverity.Warning };
}
