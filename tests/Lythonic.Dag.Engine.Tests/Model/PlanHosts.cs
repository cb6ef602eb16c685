namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>The hosts of a node of a random DAG. No other node has hosts of these names.</summary>
/// <param name="Id">What their names begin with.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Slots">How many slots each has.</param>
/// <param name="AreChosen">Whether code chooses one of them.</param>
internal sealed record PlanHosts(int Id, int Count, int Slots, bool AreChosen)
{
    public static PlanHosts Random(Random random) =>
        new(random.Next(), random.Next(1, 4), random.Next(1, 3), random.Next(3) == 0);

    public NodeHosts Build(string label) => AreChosen
        ? NodeHosts.ChosenBy(new NodePredicate(new PlanCode(label, -1, -1, Count)), name => [Spec($"{name}")])
        : NodeHosts.Of([.. Enumerable.Range(0, Count).Select(index => Spec($"b{index}"))]);

    private HostSpec Spec(string name) => new($"{Id}-{name}", Slots, Slots);
}
