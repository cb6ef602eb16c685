using System.Collections;

namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>
/// Interprets a plan in the simplest way: node after node, depth first, leaving out nodes downstream of a failure. It remembers what is
/// done, so that a restart is one more pass.
/// </summary>
/// <param name="faults">What goes wrong; <see langword="null"/> for nothing.</param>
internal sealed class Reference(Faults? faults)
{
    private readonly Dictionary<string, object?> _outputs = [];

    /// <summary>The status of every node that was reached, by path and label.</summary>
    public Dictionary<string, NodeStatus> Statuses { get; } = [];

    /// <summary>The inputs of every node that was reached. A closing node may get another input each time.</summary>
    public HashSet<(string Node, string Input)> Inputs { get; } = [];

    /// <summary>The nodes upstream of every node that was reached.</summary>
    public Dictionary<string, IReadOnlyList<string>> Upstreams { get; } = [];

    /// <summary>How often every node was called.</summary>
    public Dictionary<string, int> Calls { get; } = [];

    public string Output(string node) => PlanCode.Form(_outputs[node]);

    /// <summary>Runs all nodes that are not done.</summary>
    /// <returns>Whether all is done now.</returns>
    public bool Run(Plan plan, string path, object? element = null)
    {
        var again = new HashSet<string>();
        foreach (var node in plan.Nodes)
        {
            var key = $"{path}:{node.Label}";
            var upstreams = node.Upstreams.Select(upstream => $"{path}:{plan.Nodes[upstream].Label}").ToList();
            if (IsDone(key) && !(node.IsClosing && upstreams.Any(again.Contains)))
                continue;
            again.Add(key);
            Statuses[key] = Run(node, path, key, upstreams, element);
        }

        return plan.Nodes.All(node => IsDone($"{path}:{node.Label}"));
    }

    private NodeStatus Run(PlanNode node, string path, string key, List<string> upstreams, object? element)
    {
        if (!node.IsClosing && upstreams.Any(upstream => !IsDone(upstream)))
            return NodeStatus.UpstreamFailed;
        if (node.When == NodeWhen.Failed && upstreams.TrueForAll(IsDone))
            return NodeStatus.Omitted;
        var given = upstreams.Where(upstream => Statuses[upstream] == NodeStatus.Completed).ToList();
        if (!node.IsClosing && upstreams.Count > 0 && given.Count == 0)
            return NodeStatus.Omitted;
        var values = given.Select(upstream => _outputs[upstream]).ToArray();
        var input = upstreams.Count switch { 0 => element, 1 => values.SingleOrDefault(), _ => values };
        if (node.HasCondition && !node.If.Says(input))
            return NodeStatus.Omitted;
        Inputs.Add((key, PlanCode.Form(input)));
        Upstreams[key] = given;
        return node.Kind == NodeKind.ScriptBlock
            ? Call(node, key, input) ? NodeStatus.Completed : NodeStatus.Failed
            : RunElements(node, path, key, input);
    }

    private bool IsDone(string key) => Statuses.GetValueOrDefault(key) is NodeStatus.Completed or NodeStatus.Omitted;

    private bool Call(PlanNode node, string key, object? input)
    {
        for (var attempt = 0; attempt <= node.Retries; attempt++)
        {
            var call = Calls[key] = Calls.GetValueOrDefault(key) + 1;
            if ((faults?.Of(key, call, node.HasTimeout) ?? Fault.None) != Fault.None)
                continue;
            _outputs[key] = node.Code.Evaluate(input);
            return true;
        }

        return false;
    }

    private NodeStatus RunElements(PlanNode node, string path, string key, object? input)
    {
        var keyed = node.Kind == NodeKind.Map ? input as IDictionary : null;
        var keys = keyed?.Keys.Cast<object>().ToArray();
        var elements = node.Kind != NodeKind.Map ? [input] : keyed is null ? (object?[])input! : [.. keys!.Select(key => keyed[key])];
        var (results, done) = (new List<object?>(), 0);
        var byKey = new Dictionary<object, object?>();
        for (var ordinal = 0; ordinal < elements.Length; ordinal++)
        {
            var branch = node.Kind == NodeKind.Switch ? (string)node.By.Evaluate(input)! : null;
            var sub = node.Subs[branch is null ? 0 : branch[1] - '0'];
            var subPath =
                $"{path}/{node.Label}[{(node.Kind != NodeKind.Map ? branch ?? "call" : PlanCode.Text(keys?[ordinal] ?? ordinal))}]";
            for (var attempt = 0; attempt <= node.Retries; attempt++)
            {
                if (!Run(sub, subPath, elements[ordinal]))
                    continue;
                done++;
                var sink = $"{subPath}:{sub.Nodes[SinkOf(sub)].Label}";
                if (Statuses[sink] == NodeStatus.Omitted)
                    break;
                results.Add(_outputs[sink]);
                byKey[keys?[ordinal] ?? ordinal] = results[^1];
                break;
            }
        }

        if (elements.Length - done > node.Allowed)
            return NodeStatus.Failed;
        if (node.Kind != NodeKind.Map && results.Count == 0)
            return NodeStatus.Omitted;
        _outputs[key] = node.Kind != NodeKind.Map ? results[0] : keys is null ? results.ToArray() : byKey;
        return NodeStatus.Completed;
    }

    private static int SinkOf(Plan plan) =>
        Enumerable.Range(0, plan.Nodes.Count).Single(index =>
            !plan.Nodes[index].IsClosing && !plan.Nodes.Any(node => !node.IsClosing && node.Upstreams.Contains(index)));
}
