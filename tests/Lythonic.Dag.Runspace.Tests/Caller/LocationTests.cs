using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>Where nodes run: in the caller's location, taken literally.</summary>
public sealed class LocationTests : ModuleTest
{
    [Theory]
    [InlineData("rel[1]")]
    [InlineData("a[b")]
    [InlineData("a`[b]")]
    [InlineData("plain")]
    public void A_node_begins_in_the_callers_folder_wherever_the_node_before_went_and_its_name_is_no_pattern(string name) => Gives(
        "True True True True",
        $$"""
        $null = New-Item -ItemType Directory (Join-Path $Folder 'rel1'), (Join-Path $Folder ab)
        $here = [IO.Directory]::CreateDirectory((Join-Path $Folder '{{name}}')).FullName
        Set-Location -LiteralPath $here
        $run = New-Dag d { Add-DagNode a { $PWD.Path }; Add-DagNode b -After a { Set-Location /; 1 }; Add-DagNode c -After b { $PWD.Path };
            Add-DagNode d -After c { Set-Location Temp:/; 1 }; Add-DagNode e -After d { $PWD.Path }; Add-DagNode i -Inline { $PWD.Path } } |
            Invoke-Dag -ThrottleLimit 1
        ('a', 'c', 'e', 'i').ForEach{ $run.Nodes[$_].Output -eq $here } -join ' '
        """);

    [UnixFact("names and removals that only Unix allows")]
    public void A_name_of_a_folder_with_the_characters_that_only_Unix_allows_is_no_pattern() => Gives(
        "True True",
        """
        $null = 'axb', 'a*b', 'cxd', 'c?d' | ForEach-Object { [IO.Directory]::CreateDirectory((Join-Path $Folder $_)) }
        $dag = New-Dag d { Add-DagNode a { $PWD.Path } }
        $same = foreach ($name in 'a*b', 'c?d') { Set-Location -LiteralPath (Join-Path $Folder $name);
            ($dag | Invoke-Dag -NoProvenance).Outputs['a'] -eq $PWD.Path }
        $same -join ' '
        """);

    [Fact]
    public void A_location_of_another_provider_holds() => Gives(
        "Env: True",
            "Set-Location Env:; (New-Dag d { Add-DagNode a { \"$($PWD.Drive.Name): $((Get-Item PATH).Value -eq $env:PATH)\" } } | "
            + "Invoke-Dag -NoProvenance).Outputs['a']");

    [Fact]
    public void A_location_on_a_drive_that_only_the_caller_has_is_found_by_its_provider() => Gives(
        "Environment True",
        """
        $null = New-PSDrive Mine Environment ''
        Set-Location Mine:
        (New-Dag d { Add-DagNode a { "$($PWD.Provider.Name) $((Get-Item ./PATH).Value -eq $env:PATH)" } } |
            Invoke-Dag -NoProvenance).Outputs['a']
        """);

    [UnixFact("names and removals that only Unix allows")]
    public void A_location_that_is_gone_fails_the_node() => FailsWith(
        "DagNodeFailed",
        """
        $gone = [IO.Directory]::CreateDirectory((Join-Path $Folder gone)).FullName
        Set-Location $gone
        $dag = New-Dag d { Add-DagNode write { 'x' } }
        # In a worker that is there already, and in one that is not.
        $null = $dag | Invoke-Dag -NoProvenance
        [IO.Directory]::Delete($gone)
        $dag | Invoke-Dag -NoProvenance
        """,
        "write",
        "gone");

    [Fact]
    public void A_node_that_leaves_a_location_which_is_gone_on_its_stack_ends_and_so_does_the_next() => Gives(
        "completed",
        """
        $deep = [IO.Directory]::CreateDirectory((Join-Path $Folder deep)).FullName
        (New-Dag d { Add-DagNode a { Push-Location $using:deep; Push-Location /; [IO.Directory]::Delete($using:deep) };
            Add-DagNode b -After a { 1 } } | Invoke-Dag -NoProvenance -ThrottleLimit 1).Status
        """);
}
