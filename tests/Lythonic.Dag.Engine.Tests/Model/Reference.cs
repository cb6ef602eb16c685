using System.Collections;

namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>
/// Interprets a plan in the simplest way: node after node, depth first, every node that is not downstream of a failure. It keeps what was
/// done, so that a restart is one more pass.
/// </summary>
/// <param name="faults">What goes wrong; <see langword="null"/> for nothing.</param>
internal sealed class Reference(Faults? faults)
{
    private readonly Dictionary<string, object?> _outputs = [];

    /// <summary>The status of every node that was reached, by path and label.</summary>
    public Dictionary<string, NodeStatus> Statuses { get; } = [];

    /// <summary>What every node is given that was reached.</summary>
    public Dictionary<string, string> Inputs { get; } = [];

    /// <summary>The nodes upstream of every node that was reached.</summary>
    public Dictionary<string, IReadOnlyList<string>> Upstreams { get; } = [];

    /// <summary>How often every node was called.</summary>
    public Dictionary<string, int> Calls { get; } = [];

    public string Output(string node) => PlanCode.Form(_outputs[node]);

    /// <summary>Runs what is not done.</summary>
    /// <returns>Whether all is done now.</returns>
    public bool Run(Plan plan, string path, object? element = null)
    {
        foreach (var node in plan.Nodes)
        {
            var key = $"{path}:{node.Label}";
            if (Statuses.GetValueOrDefault(key) == NodeStatus.Completed)
                continue;
            var upstreams = node.Upstreams.Select(upstream => $"{path}:{plan.Nodes[upstream].Label}").ToList();
            if (upstreams.Any(upstream => Statuses[upstream] != NodeStatus.Completed))
            {
                Statuses[key] = NodeStatus.UpstreamFailed;
                continue;
            }

            var values = upstreams.Select(upstream => _outputs[upstream]).ToArray();
            var input = values.Length switch { 0 => element, 1 => values[0], _ => values };
            (Inputs[key], Upstreams[key]) = (PlanCode.Form(input), upstreams);
            var completed = node.Kind == NodeKind.ScriptBlock ? Call(node, key, input) : RunElements(node, path, key, input);
            Statuses[key] = completed ? NodeStatus.Completed : NodeStatus.Failed;
        }

        return plan.Nodes.All(node => Statuses[$"{path}:{node.Label}"] == NodeStatus.Completed);
    }

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

    private bool RunElements(PlanNode node, string path, string key, object? input)
    {
        var keyed = node.Kind == NodeKind.Map ? input as IDictionary : null;
        var keys = keyed?.Keys.Cast<object>().ToArray();
        var elements = node.Kind != NodeKind.Map ? [input] : keyed is null ? (object?[])input! : [.. keys!.Select(key => keyed[key])];
        var results = new List<object?>();
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
                results.Add(_outputs[$"{subPath}:{sub.Nodes[SinkOf(sub)].Label}"]);
                byKey[keys?[ordinal] ?? ordinal] = results[^1];
                break;
            }
        }

        if (elements.Length - results.Count > node.Allowed)
            return false;
        _outputs[key] = node.Kind != NodeKind.Map ? results[0] : keys is null ? results.ToArray() : byKey;
        return true;
    }

    private static int SinkOf(Plan plan) =>
        Enumerable.Range(0, plan.Nodes.Count).Single(index => !plan.Nodes.Any(node => node.Upstreams.Contains(index)));
}
