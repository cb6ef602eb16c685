using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>
/// The stop of a node interrupts its thread, but never while PowerShell ends the pipeline: there, nothing catches the interrupt, and it
/// would end the process.
/// </summary>
public sealed class InterruptTests : ModuleTest
{
    [Fact]
    public void A_pipeline_that_ends_slowly_after_a_stop_is_not_interrupted()
    {
        Session.Run(
            "$d = New-Dag d { Add-DagNode a -Timeout 1 { [Tests.HeldEnd]::At([runspace]::DefaultRunspace, $using:Folder); "
            + "while ($true) { Start-Sleep -Milliseconds 50 } } }; Invoke-Dag $d -NoProvenance -ErrorAction SilentlyContinue");

        Assert.Equal((true, false), global::Tests.HeldEnd.LetGo(Session.Folder.Path));
    }
}
