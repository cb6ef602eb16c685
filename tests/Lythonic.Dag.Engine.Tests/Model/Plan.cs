namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>A random DAG as data; every node stands after its upstreams.</summary>
internal sealed record Plan(IReadOnlyList<PlanNode> Nodes)
{
    /// <summary>Makes a plan.</summary>
    /// <param name="random">The source of all choices.</param>
    /// <param name="size">How many nodes it has.</param>
    /// <param name="depth">How deep composite nodes nest.</param>
    /// <param name="partial">Whether maps may allow failures.</param>
    /// <param name="isSub">Whether it has one source and one sink.</param>
    public static Plan Random(Random random, int size, int depth, bool partial, bool isSub = false)
    {
        var nodes = new List<PlanNode>();
        for (var index = 0; index < size; index++)
            nodes.Add(Node(random, nodes, depth, partial, isSub));
        var sinks = Enumerable.Range(0, nodes.Count).Where(index => !nodes.Any(node => node.Upstreams.Contains(index))).ToArray();
        if (isSub && sinks.Length > 1)
            nodes.Add(Leaf(random, nodes.Count, sinks));
        return new(nodes);
    }

    /// <summary>The same DAG, some of whose nodes run on hosts, and some of whose maps go in batches.</summary>
    public Plan OnHosts(Random random) => new([.. Nodes.Select(node => node with
    {
        Hosts = random.Next(3) == 0 ? PlanHosts.Random(random) : null,
        Batch = node.Kind == NodeKind.Map && random.Next(2) == 0 ? random.Next(1, 3) : 0,
        Subs = [.. node.Subs.Select(sub => sub.OnHosts(random))],
    })]);

    /// <summary>The same DAG, some of whose nodes have a condition, with closing nodes at every depth.</summary>
    public Plan WithControl(Random random)
    {
        var nodes = Nodes.Select(node => node with
        {
            HasCondition = random.Next(4) == 0,
            Subs = [.. node.Subs.Select(sub => sub.WithControl(random))],
        }).ToList();
        for (var closing = random.Next(3); closing > 0; closing--)
        {
            var upstreams = Enumerable.Range(0, nodes.Count).OrderBy(_ => random.Next()).Take(random.Next(1, 3)).ToArray();
            nodes.Add(new($"z{nodes.Count}", NodeKind.ScriptBlock, upstreams, -1, [])
            {
                When = random.Next(2) == 0 ? NodeWhen.Failed : NodeWhen.Always,
                Retries = random.Next(2),
                HasTimeout = random.Next(3) == 0,
            });
        }

        return new(nodes);
    }

    /// <summary>The DAG.</summary>
    public Dag Build(string name)
    {
        var dag = new Dag(name);
        foreach (var node in Nodes)
            dag.Add(node.Build(), node.Upstreams.Select(upstream => Nodes[upstream].Label));
        return dag;
    }

    private static PlanNode Node(Random random, List<PlanNode> before, int depth, bool partial, bool isSub)
    {
        var index = before.Count;
        if (depth > 0 && index > 0 && random.Next(2) == 0)
        {
            var upstream = random.Next(index);
            var kind = (NodeKind)(random.Next(3) + (int)NodeKind.Map);
            if (kind == NodeKind.Map && before[upstream] is not { Kind: NodeKind.ScriptBlock, ListSize: >= 0 })
                kind = NodeKind.Call;
            var subs = Enumerable.Range(0, kind == NodeKind.Switch ? 2 : 1)
                .Select(_ => Random(random, random.Next(1, 4), depth - 1, partial, true)).ToList();
            return new($"n{index}", kind, [upstream], -1, subs)
            {
                Retries = random.Next(3) == 0 ? random.Next(1, 3) : 0,
                Allowed = partial && kind == NodeKind.Map ? random.Next(3) : 0,
                Throttle = random.Next(3) == 0 ? 1 : null,
            };
        }

        var upstreams = Enumerable.Range(0, index).OrderBy(_ => random.Next()).Take(random.Next(isSub && index > 0 ? 1 : 0, 3)).ToArray();
        return Leaf(random, index, upstreams);
    }

    private static PlanNode Leaf(Random random, int index, int[] upstreams) =>
        new($"n{index}", NodeKind.ScriptBlock, upstreams, random.Next(2) == 0 ? random.Next(4) : -1, [])
        {
            Retries = random.Next(3) == 0 ? random.Next(1, 3) : 0,
            HasTimeout = random.Next(3) == 0,
            Keys = random.Next(2 * Keys.Count) - Keys.Count,
        };
}
