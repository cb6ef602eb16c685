namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class NodeCallTests
{
    [Fact]
    public void A_message_that_comes_while_those_before_are_read_is_not_among_them()
    {
        var code = MethodCode.From(() => 1);
        var call = new NodeCall(code, code.Signatures[0], null, new DagContext(), false, () => throw new NotSupportedException());
        call.Say(Line("first"), null);

        using var kept = call.KeptMessages().GetEnumerator();
        Assert.True(kept.MoveNext());
        call.Say(Line("late"), null);

        Assert.Equal("first", kept.Current.Text);
        Assert.False(kept.MoveNext());
    }

    private static NodeMessage Line(string text) => new("information", text, DateTimeOffset.UnixEpoch);
}
