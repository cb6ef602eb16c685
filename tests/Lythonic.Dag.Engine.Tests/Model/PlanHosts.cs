namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>The hosts of a node of a random DAG. Other nodes, around it, inside it and beside it, may have the same hosts.</summary>
/// <param name="Slots">How many slots each has, with which its name begins.</param>
/// <param name="Count">How many there are.</param>
/// <param name="AreChosen">Whether code chooses one of them.</param>
internal sealed record PlanHosts(int Slots, int Count, bool AreChosen)
{
    public static PlanHosts Random(Random random) =>
        new(random.Next(1, 3), random.Next(1, 4), random.Next(3) == 0);

    public NodeHosts Build(string label) => AreChosen
        ? NodeHosts.ChosenBy(new NodePredicate(new PlanCode(label, -1, -1, Count)), name => [Spec($"{name}")])
        : NodeHosts.Of([.. Enumerable.Range(0, Count).Select(index => Spec($"b{index}"))]);

    private HostSpec Spec(string name) => new($"{Slots}-{name}", Slots, Slots);
}
