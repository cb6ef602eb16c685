using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Engine.Tests.Graph;

public sealed class NodeKindsTests
{
    // A kind that nobody has answered for throws here.
    [Fact]
    public void Every_kind_of_node_has_an_answer_and_the_composite_kinds_are_those_with_a_behaviour() => Assert.All(
        Enum.GetValues<NodeKind>(),
        kind =>
        {
            Assert.Equal(CompositeKind.For(kind) is not null, kind.IsComposite());
            Assert.False(kind.IsComposite() && kind.RunsCode());
            Assert.True(kind.RunsOneSubRun() || !kind.RunsOneBranch());
        });
}
