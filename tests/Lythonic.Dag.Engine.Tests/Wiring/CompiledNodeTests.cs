using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Engine.Tests.Wiring;

public sealed class CompiledNodeTests
{
    [Fact]
    public void A_compiled_node_cannot_be_changed_nor_one_of_a_sub_DAG()
    {
        var inner = new Dag("inner").Add("twice", (int value) => 2 * value);
        var dag = new Dag("d").Add("one", () => 1).Add(DagNode.Call("call", inner), ["one"]);

        var compiled = DagCompiler.Compile(dag, null, new Dictionary<string, NodeCode>(), ClrValueConverter.Instance);

        Assert.Throws<InvalidOperationException>(() => compiled.Nodes[0].Code = null);
        Assert.Throws<InvalidOperationException>(() => compiled.Nodes[1].SubDags!.All.Single().Nodes[0].OutputType = typeof(string));
    }
}
