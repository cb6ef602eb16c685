namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>A node of a random DAG.</summary>
internal sealed record PlanNode(string Label, NodeKind Kind, int[] Upstreams, int ListSize, IReadOnlyList<Plan> Subs)
{
    public int Retries { get; init; }

    public int Allowed { get; init; }

    public bool HasTimeout { get; init; }

    public int? Throttle { get; init; }

    public PlanHosts? Hosts { get; init; }

    /// <summary>The size of a batch; 0 for no batches.</summary>
    public int Batch { get; init; }

    public bool HasCondition { get; init; }

    public NodeWhen When { get; init; }

    public bool IsClosing => When != NodeWhen.Succeeded;

    /// <summary>Which kind of dictionary it gives; less than 0 for none.</summary>
    public int Keys { get; init; } = -1;

    public PlanCode Code => new(Label, ListSize, Keys);

    public PlanCode By => new(Label, -1, -1, Subs.Count);

    public PlanCode If => new(Label, -1) { IsCondition = true };

    public DagNode Build()
    {
        var settings = new NodeSettings
        {
            Retry = new RetryPolicy { Count = Retries, Delay = TimeSpan.FromSeconds(Retries - 1 > 0 ? 1 : 0) },
            Timeout = HasTimeout ? InstantClock.TimeoutsFrom : null,
            AllowedFailure = Allowed > 0 ? AllowedFailure.OfCount(Allowed) : null,
            ThrottleLimit = Throttle,
            If = HasCondition ? new NodePredicate(If) : null,
            When = When,
            Hosts = Hosts?.Build(Label),
            Batch = Batch > 0 ? BatchSizes.Parse([$"{Batch}"]) : null,
        };
        return Kind switch
        {
            NodeKind.Map => DagNode.Map(Label, new SubDags(Subs[0].Build("s")), settings),
            NodeKind.Call => DagNode.Call(Label, Subs[0].Build("s"), settings),
            NodeKind.Switch => DagNode.Switch(
                Label, new SubDags(Subs.Select((sub, index) => KeyValuePair.Create($"b{index}", sub.Build("s"))), new NodePredicate(By)),
                settings),
            _ => new DagNode(Label, Code, settings),
        };
    }
}
