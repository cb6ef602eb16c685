using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>
/// What workers load of the caller's session beside variables and functions: modules, one at a time, and extensions of types.
/// </summary>
public sealed class SharedImportTests : ModuleTest
{
    [Fact]
    public void A_module_that_opens_a_file_for_itself_while_it_loads_is_imported_by_one_worker_at_a_time()
    {
        // The file is held for a moment on purpose: workers that did not wait for each other would meet there.
        Module("Alone",
            "$file = [IO.File]::Open(\"$PSScriptRoot/held\", 'OpenOrCreate', 'ReadWrite', 'None'); [Threading.Thread]::Sleep(5); "
            + "$file.Dispose(); function Get-Alone { 'ok' }");

        Gives(
            "16",
            "Import-Module $Folder/Alone.psm1; $m = (New-Dag d { Add-DagNode l { 1..16 }; "
            + "Add-DagNode m -After l -Map { param([int]$n) [Threading.Thread]::Sleep(20); "
            + "Get-Alone } } | Invoke-Dag -NoProvenance -ThrottleLimit 16).Outputs['m']; @($m -eq 'ok').Count");
    }

    [Fact]
    public void A_module_that_runs_a_DAG_while_it_loads_is_imported()
    {
        Module("Inner", "function Get-Inner { 'inner' }");
        Module("Outer",
            $"Import-Module '{Repository.Manifest}'; Import-Module $PSScriptRoot/Inner.psm1; function Get-Own {{ 'own' }}; "
            + $"$script:made = (New-Dag i {{ Add-DagNode l {{ 1, 2 }}; Add-DagNode m -After l -Map {{ \"$(Get-Inner) $(Get-Own)\" }} }} | "
            + $"Invoke-Dag -NoProvenance).Outputs['m'] -join '+'; function Get-Made {{ $script:made }}");

        Gives(
            "inner own+inner own,inner own+inner own",
            "Import-Module $Folder/Outer.psm1; (New-Dag d { Add-DagNode l { 1, 2 }; "
            + "Add-DagNode m -After l -Map { param([int]$n) Get-Made } } | Invoke-Dag -NoProvenance -ThrottleLimit 2).Outputs['m'] -join "
            + "','");
    }

    [Fact]
    public void What_the_caller_added_to_types_is_there_and_goes_when_it_is_removed() => Gives(
        "8 number,10 number ",
        """
        Update-TypeData -TypeName System.Int32 -MemberName Twice -MemberType ScriptProperty -Value { $this * 2 }
        Update-TypeData -TypeName System.Int32 -MemberName Sort -MemberType NoteProperty -Value number
        $with = (New-Dag d { Add-DagNode l { 4, 5 }; Add-DagNode m -After l -Map { param([int]$n) "$($n.Twice) $($n.Sort)" } } |
            Invoke-Dag -NoProvenance -ThrottleLimit 2).Outputs['m'] -join ','
        Remove-TypeData System.Int32
        "$with $((New-Dag d { Add-DagNode a { (4).Twice } } | Invoke-Dag -NoProvenance).Outputs['a'])"
        """);

    [Theory]
    [InlineData("Add-DagNode a { $o = $using:k; $o.N }", "")]
    [InlineData("Add-DagNode a { $o = $using:list; $o[0].N }", "")]
    [InlineData("Add-DagNode a { $o = $using:table; $o.k.N }", "")]
    [InlineData("Add-DagNode a { 1 }", "-Variable @{ k = $k }")]
    public void An_object_of_a_script_class_that_comes_by_name_is_warned_of(string node, string option)
    {
        var warning = Assert.Single(Session.Run(
            $"class Item {{\n [int]$N = 1\n [int] Twice() {{ return 2 * $this.N }}\n}}\n$k = [Item]::new(); $list = @($k); "
            + $"$table = @{{ k = $k }}; $null = New-Dag d {option} {{ {node} }} | Invoke-Dag -NoProvenance").Warnings);

        Assert.Contains("[Item]", warning.Message, StringComparison.Ordinal);
        Assert.Contains("NoRunspaceAffinity", warning.Message, StringComparison.Ordinal);
    }

    private void Module(string name, string text) => File.WriteAllText(Session.Folder.File($"{name}.psm1"), text);
}
