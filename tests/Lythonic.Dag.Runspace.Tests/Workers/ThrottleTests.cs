using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>How many nodes are in flight at once.</summary>
public sealed class ThrottleTests : ModuleTest
{
    [Theory]
    [InlineData(1, "-Map { [Lythonic.Dag.Runspace.Tests.Hosting.InFlight]::Stay($using:Folder) }")]
    [InlineData(3, "-Map { [Lythonic.Dag.Runspace.Tests.Hosting.InFlight]::Stay($using:Folder) }")]
    [InlineData(2,
        "-Map @{ even = { [Lythonic.Dag.Runspace.Tests.Hosting.InFlight]::Stay($using:Folder) }; "
        + "odd = { [Lythonic.Dag.Runspace.Tests.Hosting.InFlight]::Stay($using:Folder) } } -By { if ($_ % 2) { 'odd' } else { 'even' } }")]
    public void A_run_never_has_more_nodes_in_flight_than_its_limit(int limit, string map)
    {
        InFlight.Expect(Session.Folder.Path, limit);

        Gives("completed",
            $"(New-Dag d {{ Add-DagNode a {{ 1..60 }}; Add-DagNode m -After a {map} }} | "
            + $"Invoke-Dag -NoProvenance -ThrottleLimit {limit}).Status");

        Assert.Equal(limit, InFlight.Most(Session.Folder.Path));
    }

    [Fact]
    public void A_map_never_has_more_elements_in_flight_than_its_own_limit()
    {
        InFlight.Expect(Session.Folder.Path, 2);

        Gives("completed",
            "(New-Dag d { Add-DagNode a { 1..60 }; Add-DagNode m -After a -ThrottleLimit 2 -Map { "
            + "[Lythonic.Dag.Runspace.Tests.Hosting.InFlight]::Stay($using:Folder) } } | "
            + "Invoke-Dag -NoProvenance -ThrottleLimit 6).Status");

        Assert.Equal(2, InFlight.Most(Session.Folder.Path));
    }
}
