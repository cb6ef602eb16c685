namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Makes small DAGs in one call.</summary>
internal static class Graphs
{
    /// <summary>A sub-DAG of one node.</summary>
    public static Dag One(string label, Delegate code, NodeSettings? settings = null) =>
        new Dag(label).Add(new DagNode(label, MethodCode.From(code), settings));

    /// <summary>A DAG with a node <c>list</c> and a map <c>map</c> over it.</summary>
    public static Dag MapOver(Array list, Dag element, NodeSettings? settings = null)
    {
        var dag = new Dag("d");
        dag.Add(new DagNode("list", MethodCode.From(() => list), new NodeSettings { OutputType = list.GetType() }));
        return dag.Add(DagNode.Map("map", new SubDags(element), settings), ["list"]);
    }

    /// <summary>The output of the map, each converted to an integer.</summary>
    public static int[] Numbers(this DagRunResult result, string label = "map") =>
        [.. ((object?[])result.Outputs[label]!).Select(value => Convert.ToInt32(value, null))];
}
