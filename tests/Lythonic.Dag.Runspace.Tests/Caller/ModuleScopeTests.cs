using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>Nodes whose code belongs to a module.</summary>
public sealed class ModuleScopeTests : ModuleTest
{
    private const string Flows = """
        $script:Setting = 'set'
        function Get-Inner { "inner $script:Setting" }
        function Get-Hidden($x) { "$(Get-Inner) $x" }
        function New-Flow([scriptblock]$Extra) {
            New-Dag flow {
                Add-DagNode one { Get-Hidden 1 }
                Add-DagNode each -After one -Map { Get-Hidden $_ }
                Add-DagNode attribute { [CmdletBinding()] param([string]$Text = 'none') "$Text $script:Setting $($DagContext.NodeLabel)" }
                Add-DagNode fails { Get-Broken }
            }
        }
        function Get-Broken { throw 'broken' }
        function Start-Flow { New-Flow | Invoke-Dag -NoProvenance -ContinueOnFailure -ErrorAction SilentlyContinue @args }
        Export-ModuleMember -Function New-Flow, Start-Flow
        """;

    [Theory]
    [InlineData("New-Flow | Invoke-Dag -NoProvenance -ContinueOnFailure -ErrorAction SilentlyContinue")]
    [InlineData("New-Flow | Invoke-Dag -NoProvenance -ContinueOnFailure -ErrorAction SilentlyContinue -Inline")]
    [InlineData("Start-Flow")]
    [InlineData("Start-Flow -Inline")]
    public void They_see_the_private_functions_and_the_variables_of_their_module(string run) => Gives(
        "inner set inner set 1; none set attribute; broken",
            $"Import-Module '{Module("Flows.psm1")}'; $r = {run}; \"$($r.Outputs['each']); $($r.Outputs['attribute']); "
            + $"$($r.Nodes[3].Error)\"");

    [Fact]
    public void Their_module_comes_by_its_manifest()
    {
        Module("Flows.psm1");
        Session.Folder.Write("Flows.psd1", "@{ RootModule = 'Flows.psm1'; ModuleVersion = '1.0'; FunctionsToExport = 'New-Flow' }");

        Gives("inner set inner set 1",
            "Import-Module $Folder/Flows.psd1; \"$((New-Flow | Invoke-Dag -NoProvenance -ContinueOnFailure -ErrorAction "
            + "SilentlyContinue).Outputs['each'])\"");
    }

    [Fact]
    public void Of_a_module_in_memory_they_have_the_functions_that_they_call() => Gives(
        "inner 1",
        "New-Module memory { function Get-Inner { 'inner' }; function Get-Hidden($x) { \"$(Get-Inner) $x\" }; "
        + "function New-Flow { New-Dag flow { Add-DagNode a { Get-Hidden 1 } } }; Export-ModuleMember New-Flow } | Import-Module; "
        + "(New-Flow | Invoke-Dag -NoProvenance).Outputs['a']");

    [Fact]
    public void A_variable_of_its_module_that_a_node_sets_does_not_reach_the_next_node()
    {
        Session.Folder.Write("State.psm1",
            "$script:Setting = 'set'; function New-Flow { New-Dag flow { Add-DagNode a { $script:Setting = 'changed' }; "
            + "Add-DagNode b -After a { $script:Setting } } }");

        Gives("set", "Import-Module $Folder/State.psm1; (New-Flow | Invoke-Dag -NoProvenance -ThrottleLimit 1).Outputs['b']");
    }

    [Fact]
    public void A_module_of_one_run_is_unknown_to_the_next() => Gives(
        "[]",
        $$"""
        $null = New-Dag one -Module '{{Module("Flows.psm1")}}' { Add-DagNode a { 1 } } | Invoke-Dag -NoProvenance
        $two = New-Dag two { Add-DagNode a { if (& { Get-Command ('New-' + 'Flow') -ErrorAction Ignore }) { 1 } } }
        "[$(($two | Invoke-Dag -NoProvenance).Outputs['a'])]"
        """);

    // There are as many runs of each DAG as there may be idle workers, so that every worker gets one of each.
    [Fact]
    public void A_module_of_a_run_of_which_another_one_does_not_load_is_unknown_to_the_next() => Gives(
        "16 failed, 16 completed, ",
        $$"""
        $one = New-Dag one -Module '{{Module("Flows.psm1")}}', "$Folder/no-such-module.psm1" { Add-DagNode a { 1 } }
        $two = New-Dag two { Add-DagNode a { if (& { Get-Command ('New-' + 'Flow') -ErrorAction Ignore }) { 'known' } } }
        $failed = foreach ($i in 1..16) { $one | Invoke-Dag -NoProvenance -ThrottleLimit 1 -ErrorAction SilentlyContinue }
        $next = foreach ($i in 1..16) { $two | Invoke-Dag -NoProvenance -ThrottleLimit 1 }
        $counts = @($failed).Where{ $_.Status -eq 'failed' }.Count, @($next).Where{ $_.Status -eq 'completed' }.Count
        "$($counts[0]) failed, $($counts[1]) completed, $($next.ForEach{ $_.Outputs['a'] } -join '')"
        """);

    [Fact]
    public void A_module_whose_file_has_changed_is_read_again()
    {
        var file = Session.Folder.Write("Said.psm1", "function Get-Said { 'before' }");
        const string run = "(New-Dag d { Add-DagNode a { Get-Said } } | Invoke-Dag -NoProvenance).Outputs['a']";
        Gives("before", $"Import-Module '{file}'; {run}");
        File.WriteAllText(file, "function Get-Said { 'after' }");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(1));

        Gives("after", $"Import-Module '{file}' -Force; {run}");
    }

    [Theory]
    [InlineData("Import-Module", "")]
    [InlineData("Import-Module", "-Module $folder")]
    [InlineData("Import-Module", "-Module Parts")]
    [InlineData("Get-Item", "-Module $folder")]
    public void A_module_of_which_any_file_has_changed_is_read_again(string import, string option) => Gives(
        "one; two",
        $$"""
        $folder = (New-Item $Folder/$(New-Guid)/Parts -ItemType Directory).FullName
        "@{ RootModule = 'Parts.psm1'; ModuleVersion = '1.0'; FunctionsToExport = 'Get-Part' }" | Set-Content $folder/Parts.psd1
        '. $PSScriptRoot/inner.ps1; function Get-Part { Get-Inner }' | Set-Content $folder/Parts.psm1
        $said = foreach ($text in 'one', 'two') {
            "function Get-Inner { '$text' }" | Set-Content $folder/inner.ps1
            (Get-Item $folder/inner.ps1).LastWriteTimeUtc = [datetime]::UtcNow.AddMinutes($text.CompareTo('one'))
            $null = {{import}} $folder -Force
            $dag = New-Dag d {{option}} { Add-DagNode a { Get-Part } }
            ($dag | Invoke-Dag -NoProvenance).Outputs.Values -join ' '
        }
        Remove-Module Parts -ErrorAction Ignore
        $said -join '; '
        """);

    [Fact]
    public void Two_jobs_with_different_modules_end() => Gives(
        "20 20",
        $$"""
        $module = '{{Module("Flows.psm1")}}'
        $jobs = foreach ($m in @($module), @()) { New-Dag d -Module $m { Add-DagNode a { 1..20 }; Add-DagNode m -After a -Map { $_ } } |
            Invoke-Dag -NoProvenance -AsJob -ThrottleLimit 2 }
        ($jobs | Wait-Job | Receive-Job | ForEach-Object { $_.Outputs['m'].Count }) -join ' '
        """);

    private string Module(string name) => Session.Folder.Write(name, Flows);
}
