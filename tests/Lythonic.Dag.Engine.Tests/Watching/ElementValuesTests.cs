using Lythonic.Dag.Provenance;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Engine.Tests.Watching;

/// <summary>The short texts of the elements that are shown.</summary>
public sealed class ElementValuesTests
{
    [Fact]
    public void An_element_whose_value_was_not_stored_yet_has_it_later()
    {
        var (stored, reads) = ("", 0);
        var values = new ElementValues(_ =>
        {
            reads++;
            return stored;
        });
        var inFlight = new SubRunState(new(7), "r", new(1), "work", "8", DagRunStatus.Running, Views.At, null, null, null);

        var before = values.Of(inFlight);
        stored = "9";

        Assert.Equal(("", "9"), (before, values.Of(inFlight)));
        Assert.Equal(("9", 2), (values.Of(inFlight with { Status = DagRunStatus.Failed }), reads));
    }
}
