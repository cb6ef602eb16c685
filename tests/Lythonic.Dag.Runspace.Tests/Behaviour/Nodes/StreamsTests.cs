using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class StreamsTests : ModuleTest
{
    [Fact]
    public void A_warning_of_a_node_reaches_the_caller() =>
        Assert.Contains("[a] mind", Run("WriteWarning('mind')").Warnings.Select(record => record.Message));

    [Fact]
    public void A_verbose_message_of_a_node_reaches_the_caller() =>
        Assert.Contains("[a] detail", Run("WriteVerbose('detail')", "-Verbose").Verbose.Select(record => record.Message));

    // PowerShell before 7.6 has -Debug ask at each ShouldProcess; here nobody is there to answer.
    [Fact]
    public void A_debug_message_of_a_node_reaches_the_caller() =>
        Assert.Contains("[a] inside", Run("WriteDebug('inside')", "-Debug -Confirm:$false").Debug.Select(record => record.Message));

    [Fact]
    public void An_information_record_of_a_node_reaches_the_caller() =>
        Assert.Contains(
            "told", Run("WriteInformation('told', [string[]]@('t'))").Information.Select(record => record.MessageData?.ToString()));

    [Fact]
    public void A_non_terminating_error_of_a_node_reaches_the_caller() =>
        Assert.Contains(Soft().Errors, error => error.ToString() == "soft");

    [Fact]
    public void A_non_terminating_error_does_not_fail_the_node() => Assert.Equal("completed", Soft().Text);

    [Fact]
    public void The_error_of_a_node_has_its_position() =>
        Assert.Equal(
            2, FailsWith("DagNodeFailed", "$d = New-Dag d { Add-DagNode a {\nthrow 'no' } }; Invoke-Dag $d")
                .InvocationInfo.ScriptLineNumber);

    [Fact]
    public void A_message_is_kept_with_its_node_run() => Gives(
        "mind",
        """
        $d = New-Dag d { Add-DagNode a { [CmdletBinding()] param() $PSCmdlet.WriteWarning('mind') } }
        $null = Invoke-Dag $d -WarningAction SilentlyContinue; (Get-DagRun).Nodes[0].Messages[0].Text
        """);

    [Fact]
    public void An_error_that_stops_the_caller_leaves_no_run_running() => Gives(
        "failed",
        "try { $null = New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag -ErrorAction Stop } catch { }; (Get-DagRun).Status");

    private ScriptResult Run(string call, string preference = "") => Session.Run(
        $$"""
        $d = New-Dag d { Add-DagNode a { [CmdletBinding()] param() $PSCmdlet.{{call}} } }
        $null = Invoke-Dag $d {{preference}}
        """);

    private ScriptResult Soft() => Session.Run(
        """
        $d = New-Dag d {
            Add-DagNode a {
                [CmdletBinding()] param()
                $PSCmdlet.WriteError(
                    [System.Management.Automation.ErrorRecord]::new([Exception]::new('soft'), 'Soft', 'NotSpecified', $null))
            }
        }
        (Invoke-Dag $d).Status
        """);
}
