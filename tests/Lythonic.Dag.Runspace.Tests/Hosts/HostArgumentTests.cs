using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosts;

/// <summary>What <c>-On</c> and <c>New-DagHost</c> take, and what they refuse before anything starts.</summary>
public sealed class HostArgumentTests : ModuleTest
{
    [Theory]
    [InlineData("web1", "web1")]
    [InlineData("ops@web1:22", "ops@web1:22")]
    [InlineData("web1 -UserName ops -Port 2222", "ops@web1:2222")]
    [InlineData("'[::1]:22'", "[::1]:22")]
    [InlineData("web1 -Name front", "front")]
    [InlineData("-Command /usr/bin/docker, exec", "docker")]
    [InlineData("([ipaddress]'10.0.0.1')", "10.0.0.1")]
    [InlineData("web1, web2, web1", "web1-1 web2 web1-2")]
    [InlineData("a, b -Name web", "web-1 web-2")]
    public void A_host_has_this_name(string arguments, string names) => Gives(names, $"(New-DagHost {arguments}).Name -join ' '");

    [Fact]
    public void A_numbered_name_is_not_that_of_another_host() => Gives(
        "x-2 x-3 x-1",
        """
        $made = foreach ($name in 'x', 'x', 'x-1') { New-DagHost some -Name $name }
        (New-Dag d { Add-DagNode a -On $made { 1 } }).Nodes['a'].Settings.Hosts.Fixed.Name -join ' '
        """);

    [Theory]
    [InlineData("-oProxyCommand=touch")]
    [InlineData("a b")]
    [InlineData("ops@-web")]
    [InlineData("a\tb")]
    [InlineData("a\u0007")]
    [InlineData("a\u202eb")]
    [InlineData("web:0")]
    [InlineData("web:99999")]
    [InlineData("")]
    public void A_name_that_could_be_something_else_is_refused_when_the_DAG_is_made(string name)
    {
        Session.Set("name", name);

        FailsWith("DagNameInvalid", "New-Dag d { Add-DagNode a -On $name { 1 } }");
        FailsWith("DagNameInvalid", "New-DagHost $name");
    }

    [Theory]
    [InlineData("New-DagHost web -UserName '-x'")]
    [InlineData("New-Dag d { Add-DagNode a -On @{ HostName = 'web'; UserName = 'a b' } { 1 } }")]
    [InlineData("New-DagHost web -Name '-x'")]
    [InlineData("New-DagHost web -Options @{ 'Proxy Command' = 'x' }")]
    [InlineData("New-DagHost web -KeyFilePath ''")]
    [InlineData("New-DagHost web -Subsystem '-x'")]
    [InlineData("New-DagHost -Command '', x")]
    [InlineData("New-Dag d { Add-DagNode a -On 7 { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode a -On @() { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode a -On $null { 1 } }")]
    [InlineData("1 | Invoke-DagMap -On $null { 1 }")]
    [InlineData("New-Dag d { Add-DagNode a -On @{ Command = $null } { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode a -On 'web', $null { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode a -On @{ Host = 'web' } { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode a -On @{ HostName = 'web'; Slots = 0 } { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode a -On @{ HostName = 'web'; KeepAlive = -1 } { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode a -On @{ HostName = 'web'; Command = 'x' } { 1 } }")]
    public void What_names_no_host_is_refused(string script) => FailsWith("DagNameInvalid", script);

    [Theory]
    [InlineData("Add-DagNode a -On web -Inline { 1 }")]
    [InlineData("Add-DagNode a -On web -Method 'System.Math::Abs'")]
    [InlineData("Add-DagNode a -Batch 1 { 1 }")]
    [InlineData("Add-DagNode s { 1 }; Add-DagNode a -After s -Batch 0 -Map { 1 }")]
    [InlineData("Add-DagNode s { 1 }; Add-DagNode a -After s -Batch $null -Map { 1 }")]
    [InlineData("Add-DagNode s { 1 }; Add-DagNode a -After s -Batch 1, '0%' -Map { 1 }")]
    [InlineData("Add-DagNode s { 1 }; Add-DagNode a -After s -Batch '101%' -Map { 1 }")]
    [InlineData("Add-DagNode s { 1 }; Add-DagNode a -After s -Batch some -Map { 1 }")]
    public void What_cannot_go_together_is_an_error_when_the_DAG_is_made(string nodes) =>
        FailsWith("DagTypeMismatch", $"New-Dag d {{ {nodes} }}", "'a'");

    [Fact]
    public void A_table_takes_what_the_cmdlet_takes() => Gives(
        "ops@web:2222 3",
        """
        $dag = New-Dag d { Add-DagNode a -On @{ HostName = 'web'; UserName = 'ops'; Port = 2222; KeyFilePath = '/k'; Subsystem = 'ps'
            Options = @{ ProxyJump = 'gate'; StrictHostKeyChecking = $true }
            Slots = 3; ConnectTimeout = 2; KeepAlive = '00:00:05' } { 1 } }
        $made = $dag.Nodes['a'].Settings.Hosts.Fixed
        "$($made.Name) $($made.Slots)"
        """);

    [Fact]
    public void Completion_offers_Process() => Gives(
        "True",
        """
        $text = 'Add-DagNode a -On Pro'
        $offered = [System.Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null)
        $offered.CompletionMatches.CompletionText -contains 'Process'
        """);
}
