using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>The cmdlets as a user meets them: names, positions, aliases and what binds from the pipeline.</summary>
public sealed class CmdletShapeTests : ModuleTest
{
    private const string RunOptions =
        " DatabasePath NoProvenance ThrottleLimit ContinueOnFailure Override Inline Durability Tag AsJob NoReuse WhatIf Confirm";

    [Fact]
    public void The_module_has_these_cmdlets_beside_Export_Dag() => Gives(
        "Add-DagNode,Compare-DagRun,Connect-DagNode,Get-DagRun,Invoke-Dag,Invoke-DagMap,Invoke-DagNode,Invoke-DagReplay,New-Dag,"
        + "New-DagHost,Remove-DagRun,Restart-DagRun,Suspend-DagRun,Test-Dag,Watch-DagRun",
        "$names = [string[]]@((Get-Module Lythonic.Dag).ExportedCommands.Keys -ne 'Export-Dag'); [array]::Sort($names); $names -join ','");

    [Theory]
    [InlineData("New-Dag", "Name Definition Description Variable Function Module Strict KeepLast")]
    [InlineData("Add-DagNode",
        "Dag Name ScriptBlock Method Map Call Switch After OutputType Parameter Inline ThrottleLimit By Flatten RetryCount RetryDelay "
        + "RetryBackoff RetryOn Timeout AllowFailure If When Lock On Batch Reuse ReuseFor PassThru")]
    [InlineData("New-DagHost",
        "HostName Command Session UserName Port KeyFilePath Subsystem Options Slots ConnectTimeout KeepAlive Name")]
    [InlineData("Connect-DagNode", "Dag From To Parameter PassThru")]
    [InlineData("Test-Dag", "Dag")]
    [InlineData("Invoke-Dag", "Dag SourceInput Target Resume Overlap" + RunOptions)]
    [InlineData("Restart-DagRun", "RunId Dag SourceInput Force" + RunOptions)]
    [InlineData("Invoke-DagReplay", "RunId Node Dag IncludeDownstream FailedOnly SourceInput" + RunOptions)]
    [InlineData("Get-DagRun", "RunId DagName Status First Since Until Tag IncludeChild DatabasePath")]
    [InlineData("Invoke-DagNode", "Dag Name Parameter Inline WhatIf Confirm")]
    [InlineData("Invoke-DagMap",
        "ScriptBlock InputObject Name ThrottleLimit Ordered Reuse On RetryCount RetryDelay RetryBackoff RetryOn Timeout Lock DatabasePath "
        + "NoProvenance RunVariable WhatIf Confirm")]
    [InlineData("Compare-DagRun", "ReferenceRunId DifferenceRunId IncludeEqual DatabasePath")]
    [InlineData("Suspend-DagRun", "RunId DatabasePath")]
    [InlineData("Watch-DagRun", "RunId DatabasePath Plain PassThru")]
    [InlineData("Remove-DagRun", "RunId OlderThan KeepLast DatabasePath WhatIf Confirm")]
    public void A_cmdlet_has_these_parameters_beside_the_common_ones(string cmdlet, string parameters)
    {
        var has = Session.Run(
            $$"""
            function Bare { [CmdletBinding()] param() }
            $common = (Get-Command Bare).Parameters.Keys
            (Get-Command {{cmdlet}}).Parameters.Keys | Where-Object { $_ -notin $common }
            """).Sound().Text.Split('\n');

        Assert.Equal(parameters.Split(' ').Order(StringComparer.Ordinal), has.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("New-Dag", "Name=0 Definition=1")]
    [InlineData("Add-DagNode", "Name=0 ScriptBlock=1")]
    [InlineData("New-DagHost", "HostName=0")]
    [InlineData("Connect-DagNode", "From=0 To=1")]
    [InlineData("Test-Dag", "Dag=0")]
    [InlineData("Invoke-Dag", "Dag=0 SourceInput=1")]
    [InlineData("Restart-DagRun", "RunId=0")]
    [InlineData("Invoke-DagReplay", "RunId=0 Node=1")]
    [InlineData("Get-DagRun", "RunId=0")]
    [InlineData("Invoke-DagNode", "Dag=0 Name=1")]
    [InlineData("Invoke-DagMap", "ScriptBlock=0")]
    [InlineData("Compare-DagRun", "ReferenceRunId=0 DifferenceRunId=1")]
    [InlineData("Suspend-DagRun", "RunId=0")]
    [InlineData("Watch-DagRun", "RunId=0")]
    public void Parameters_have_these_positions(string cmdlet, string positions) => Gives(
        positions,
        $$"""
        $all = @{}
        foreach ($set in (Get-Command {{cmdlet}}).ParameterSets | Where-Object Name -ne Pipeline) {
            foreach ($p in $set.Parameters) { if ($p.Position -ge 0) { $all[$p.Position] = "$($p.Name)=$($p.Position)" } } }
        @(0..9 | ForEach-Object { $all[$_] } | Where-Object { $_ }) -join ' '
        """);

    [Theory]
    [InlineData("Invoke-Dag", "SourceInput")]
    [InlineData("Invoke-DagNode", "Name")]
    public void Behind_a_pipe_the_first_argument_is_not_the_DAG(string cmdlet, string first) => Gives(
        first,
            $"((Get-Command {cmdlet}).ParameterSets | Where-Object Name -eq Pipeline).Parameters | Where-Object Position -eq 0 | "
            + $"ForEach-Object Name");

    [Theory]
    [InlineData("Add-DagNode", "Dag", "value")]
    [InlineData("Connect-DagNode", "Dag", "value")]
    [InlineData("Test-Dag", "Dag", "value")]
    [InlineData("Invoke-Dag", "Dag", "value")]
    [InlineData("Invoke-DagNode", "Dag", "value")]
    [InlineData("Invoke-DagMap", "InputObject", "value")]
    [InlineData("Restart-DagRun", "RunId", "name")]
    [InlineData("Invoke-DagReplay", "RunId", "name")]
    [InlineData("Suspend-DagRun", "RunId", "value")]
    [InlineData("Remove-DagRun", "RunId", "value")]
    public void A_parameter_binds_from_the_pipeline(string cmdlet, string parameter, string by)
    {
        var property = by == "value" ? "ValueFromPipeline" : "ValueFromPipelineByPropertyName";

        Gives("True", $"(Get-Command {cmdlet}).Parameters['{parameter}'].Attributes.{property} -contains $true");
    }

    [Theory]
    [InlineData("Add-DagNode", "Name", "Label")]
    [InlineData("Invoke-Dag", "SourceInput", "Inputs")]
    public void A_parameter_has_an_alias(string cmdlet, string parameter, string alias) =>
        Gives(alias, $"(Get-Command {cmdlet}).Parameters['{parameter}'].Aliases -join ','");

    [Theory]
    [InlineData("Add-DagNode", "After")]
    [InlineData("Connect-DagNode", "From")]
    [InlineData("Connect-DagNode", "To")]
    [InlineData("Invoke-DagReplay", "Node")]
    [InlineData("Get-DagRun", "RunId")]
    [InlineData("Get-DagRun", "DagName")]
    [InlineData("Get-DagRun", "Status")]
    [InlineData("Get-DagRun", "Tag")]
    [InlineData("Invoke-Dag", "Tag")]
    public void A_parameter_takes_several(string cmdlet, string parameter) =>
        Gives("String[]", $"(Get-Command {cmdlet}).Parameters['{parameter}'].ParameterType.Name");

    [Theory]
    [InlineData("New-Dag")]
    [InlineData("Invoke-Dag")]
    [InlineData("Restart-DagRun")]
    [InlineData("Get-DagRun")]
    [InlineData("Test-Dag")]
    public void A_cmdlet_says_what_it_writes(string cmdlet) =>
        Gives("True", $"(Get-Command {cmdlet}).OutputType.Count -gt 0");

    [Theory]
    [InlineData("Add-DagNode -Dag $d -After f", "fetch")]
    [InlineData("Connect-DagNode -Dag $d -From fe", "fetch")]
    [InlineData("Connect-DagNode -Dag $d fetch p", "parse")]
    [InlineData("Invoke-DagNode $d -Name PA", "parse")]
    [InlineData("Invoke-DagNode $d PA", "parse")]
    [InlineData("$d | Invoke-DagNode PA", "parse")]
    public void Node_names_complete(string input, string completion) => Gives(
        completion,
        $$"""
        $d = New-Dag labels { Add-DagNode fetch { 1 }; Add-DagNode parse { 2 } -After fetch }
        ([System.Management.Automation.CommandCompletion]::CompleteInput(
            '{{input}}', {{input.Length}}, $null)).CompletionMatches.CompletionText -join ','
        """);

    [Theory]
    [InlineData("Get-DagRun ")]
    [InlineData("Restart-DagRun -RunId ")]
    [InlineData("Invoke-DagReplay ")]
    [InlineData("Remove-DagRun ")]
    public void Run_ids_complete(string input) => Gives(
        "True",
        $$"""
        $r = New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag
        $line = "{{input}}$($r.RunId.Substring(0, 3)) -DatabasePath '$Database'"
        $r.RunId -in ([System.Management.Automation.CommandCompletion]::CompleteInput(
            $line, {{input.Length + 3}}, $null)).CompletionMatches.CompletionText
        """);
}
