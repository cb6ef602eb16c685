using System.Management.Automation;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>Whose a line of host output is.</summary>
public sealed class HostLabelTests : ModuleTest
{
    private const string Said = "$Host.UI.WriteLine('one'); $Host.UI.Write('two '); $Host.UI.WriteLine('parts')";

    [Fact]
    public void Lines_of_several_nodes_begin_with_their_label_and_are_kept_without_it()
    {
        var result = Session.Run(
            $"$run = New-Dag d {{ Add-DagNode a {{ 'x' | Out-Host }}; Add-DagNode b -After a {{ {Said}; '' | Out-Host }} }} | Invoke-Dag; "
            + "$run.Nodes['b'].Messages.Text").Sound();

        Assert.Equal(["[a] x", "[b] one", "[b] two ", "parts", ""], result.Information.Select(TextOf));
        Assert.Equal("one\ntwo \nparts\n", result.Text);
    }

    [Theory]
    [InlineData("Add-DagNode a { SAID }")]
    [InlineData("Add-DagNode a { 1 }; Add-DagNode b -After a { SAID }")]
    public void Lines_of_the_one_node_that_writes_stay_plain(string nodes) => Assert.Equal(
        ["one", "two ", "parts"],
        Session.Run($"$null = New-Dag d {{ {nodes.Replace("SAID", Said, StringComparison.Ordinal)} }} | Invoke-Dag -NoProvenance")
            .Sound().Information.Select(TextOf));

    [Theory]
    [InlineData("Write-Host \"h$n\"")]
    [InlineData("$Host.UI.WriteLine(\"h$n\")")]
    public void Lines_of_the_elements_of_a_map_say_which_element_from_the_first_on(string said) => Assert.Equal(
        ["[m[0]] h1", "[m[1]] h2"],
        Session.Run(
            "$null = New-Dag d { Add-DagNode list { 1, 2 }; Add-DagNode m -After list -Map { param([int]$n) " + said + " } } "
            + "| Invoke-Dag -NoProvenance -ThrottleLimit 1").Sound().Information.Select(TextOf));

    [Fact]
    public void Lines_of_objects_that_are_piped_to_one_scriptblock_stay_plain() => Assert.Equal(
        ["h1", "h2"],
        Session.Run("$null = 1, 2 | Invoke-DagMap { Write-Host \"h$_\" } -NoProvenance -ThrottleLimit 1")
            .Sound().Information.Select(TextOf));

    [UnixFact("It has no sh.")]
    public void A_line_that_a_native_command_writes_to_its_stderr_has_the_label_too()
    {
        var errors = Session.Run(
            "$null = New-Dag d { Add-DagNode a { sh -c 'echo one >&2' }; Add-DagNode b -After a { sh -c 'echo two >&2' } } "
            + "| Invoke-Dag -NoProvenance").Errors;

        Assert.Equal(["[a] one", "[b] two"], errors.Select(error => error.Exception.Message));
        Assert.All(errors, error => Assert.StartsWith("NativeCommandError", error.FullyQualifiedErrorId, StringComparison.Ordinal));
    }

    [UnixFact("It has no sh.")]
    public void A_line_that_a_native_command_writes_to_its_stderr_is_kept_as_stderr_and_is_no_error() => Assert.Equal(
        "stderr: 10 %, error: no|completed 1",
        Session.Run(
            "$run = New-Dag d { Add-DagNode a { sh -c 'echo 10 % >&2'; Write-Error 'no' } } | Invoke-Dag 2>$null; "
            + "\"$($run.Nodes[0].Messages -join ', ')|$($run.Status) $($run.ErrorCount)\"").Text);

    [Fact]
    public void An_error_record_says_its_node_in_its_text_and_keeps_its_exception_and_what_is_stored()
    {
        var result = Session.Run(
            "$run = New-Dag d { Add-DagNode a { Write-Error 'soft' -ErrorId Mine -RecommendedAction rest -ErrorVariable own; \"$own\" }; "
            + "Add-DagNode b -After a { 1 } } | Invoke-Dag; $run.Nodes['a'].Messages.Text; $run.Nodes['a'].Error; $run.Nodes['a'].Output");

        var error = Assert.Single(result.Errors);
        Assert.Equal(("[a] soft", "soft", "rest"),
            (error.ToString(), error.Exception.Message, error.ErrorDetails.RecommendedAction));
        Assert.StartsWith("Mine", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Write-Error 'soft'", error.InvocationInfo.Line, StringComparison.Ordinal);
        Assert.Equal("d/a", PSObject.AsPSObject(error).Properties["DagNode"].Value);
        Assert.Equal("soft\nsoft\nsoft", result.Text);
    }

    [Fact]
    public void An_error_of_the_only_code_that_runs_stays_plain() => Assert.Equal(
        ["soft", "soft"],
        Session.Run("$null = New-Dag d { Add-DagNode a { Write-Error soft } } | Invoke-Dag; 1 | Invoke-DagMap { Write-Error soft }")
            .Errors.Select(error => error.ToString()));

    private static string TextOf(InformationRecord record) => ((HostInformationMessage)record.MessageData).Message;
}
