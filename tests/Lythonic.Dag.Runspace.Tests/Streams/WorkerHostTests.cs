using System.Management.Automation;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>What a node in a worker has for a host.</summary>
public sealed class WorkerHostTests : ModuleTest
{
    [Theory]
    [InlineData("$Host.UI.WriteLine('said')")]
    [InlineData("$Host.UI.Write('said')")]
    [InlineData("$Host.UI.Write('Red', 'Black', 'said')")]
    [InlineData("$Host.UI.WriteErrorLine('said')")]
    [InlineData("'said' | Out-Default")]
    [InlineData("'said' | Out-Host")]
    public void What_a_node_writes_to_its_host_reaches_the_caller_once(string script) => Assert.Equal(["said"], HostTextOf(script));

    [Fact]
    public void What_goes_to_the_host_keeps_its_place_among_what_the_node_writes() => Assert.Equal(
        ["one", "two", "three", "two"],
        HostTextOf(
            "[CmdletBinding()] param() $PSCmdlet.WriteInformation('one', [string[]]@()); $Host.UI.WriteLine('two'); "
            + "$PSCmdlet.WriteInformation('three', [string[]]@()); 'two' | Out-Host"));

    [Fact]
    public void Host_output_of_a_node_is_kept_with_its_node_run() => Gives(
        "information: said",
            "$null = New-Dag d { Add-DagNode a { $Host.UI.WriteLine('said') } } | Invoke-Dag; \"$((Get-DagRun).Nodes[0].Messages)\"");

    [Theory]
    [InlineData("$Host.UI.WriteWarningLine('said')")]
    [InlineData("[CmdletBinding()] param() $PSCmdlet.WriteWarning('said')")]
    public void A_warning_by_way_of_the_host_is_a_warning_once(string script) =>
        Assert.Equal("[a] said", Assert.Single(Run(script).Warnings).Message);

    [Fact]
    public void A_record_that_the_engine_also_shows_on_the_host_is_written_once() => Assert.Equal(
        ["said"], HostTextOf(
            "[CmdletBinding()] param() $PSCmdlet.WriteInformation([Management.Automation.HostInformationMessage]@{ Message = 'said' }, "
            + "[string[]]@('PSHOST'))"));

    [Theory]
    [InlineData("$Host.UI.ReadLine()", "")]
    [InlineData("$Host.UI.ReadLineAsSecureString()", "")]
    [InlineData(
        "$Host.UI.Prompt('sure', 'how', "
        + "[Collections.ObjectModel.Collection[Management.Automation.Host.FieldDescription]]@("
        + "[Management.Automation.Host.FieldDescription]::new('f')))",
        "sure")]
    [InlineData("$Host.UI.PromptForChoice('head', 'which', [Management.Automation.Host.ChoiceDescription[]]@('&a', '&b'), 0)", "which")]
    [InlineData("$Host.UI.PromptForCredential('head', 'who', 'user', 'target')", "who")]
    public void A_question_in_a_worker_fails_the_node_and_says_what_helps(string script, string question) =>
        FailsWith("DagNodeFailed", $"New-Dag d {{ Add-DagNode a {{ {script} }} }} | Invoke-Dag -NoProvenance", "'a'", "-Inline", question);

    [Fact]
    public void A_node_sees_the_name_of_the_callers_host_and_a_screen() => Gives(
        "True True",
            "$r = New-Dag d { Add-DagNode a { $Host.Name; $Host.UI.RawUI.BufferSize.Width } } | Invoke-Dag -NoProvenance; "
            + "\"$($r.Outputs['a'][0] -eq $Host.Name) $($r.Outputs['a'][1] -gt 0)\"");

    private static string TextOf(InformationRecord record) =>
        record.MessageData is HostInformationMessage message ? message.Message : $"{record.MessageData}";

    private string[] HostTextOf(string script) => [.. Run(script).Information.Select(TextOf)];

    private ScriptResult Run(string script) =>
        Session.Run($"$null = New-Dag d {{ Add-DagNode a {{ {script} }} }} | Invoke-Dag -NoProvenance").Sound();
}
