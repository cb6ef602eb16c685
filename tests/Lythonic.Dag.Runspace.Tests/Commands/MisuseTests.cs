using System.Management.Automation;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>Each misuse has its id, words that say what to write, what it is about, and leaves the database as it was.</summary>
public sealed class MisuseTests : ModuleTest
{
    [Theory]
    [InlineData("New-Dag ''")]
    [InlineData("New-Dag '  '")]
    [InlineData("New-Dag \"`t`n\"")]
    [InlineData("New-Dag \"$([char]0x200B)\"")]
    [InlineData("New-Dag $null")]
    [InlineData("New-Dag { Add-DagNode a { 1 } }")]
    [InlineData("New-Dag { Add-DagNode a { 1 } } -Description 'no name'")]
    [InlineData("New-Dag d { Add-DagNode '' { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode ' ' { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode a { 1 }; Add-DagNode ' ' -After a -Map { 1 } }")]
    [InlineData("New-Dag d { Add-DagNode a { 1 }; Add-DagNode b -After a -Switch @{ ' ' = { 1 } } -By { 1 } }")]
    public void A_name_that_is_none_is_refused(string script)
    {
        var error = FailsWith("DagNameInvalid", script, "needs a name");

        Assert.NotNull(error.TargetObject);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Gives("0", "@(Get-DagRun).Count");
    }

    [Fact]
    public void A_node_with_nothing_to_run_says_what_it_can_run() => FailsWith("DagInputMissing", "New-Dag d { Add-DagNode a }", "'a'");

    [Theory]
    [InlineData("{ $_ }")]
    [InlineData("(New-Dag one { Add-DagNode x { $_ } })")]
    public void What_chooses_a_branch_needs_branches(string given) => FailsWith(
        "DagSubDagShape",
        $"New-Dag d {{ Add-DagNode a {{ 1, 2 }}; Add-DagNode route -After a -Map {given} -By {{ 'small' }} }}",
        "'route'", "-By", "no branches");

    [Theory]
    [InlineData("-Switch $branches -By { 'a' }")]
    [InlineData("-Map $branches -By { 'a' }")]
    public void Branches_that_differ_in_case_alone_are_refused(string node)
    {
        var error = FailsWith("DagNodeDuplicate",
            $"$branches = [hashtable]::new([StringComparer]::Ordinal); $branches['Retail'] = {{ 1 }}; $branches['retail'] = {{ 2 }}; "
            + $"New-Dag d {{ Add-DagNode a {{ 1 }}; Add-DagNode route -After a {node} }}", "'Retail'", "'retail'", "'route'");

        Assert.Equal("route", error.TargetObject);
    }

    [Theory]
    [InlineData("Invoke-Dag words", "Invoke-Dag")]
    [InlineData("'words' | Invoke-Dag", "Invoke-Dag")]
    [InlineData("Invoke-Dag words @{ x = 1 }", "Invoke-Dag")]
    [InlineData("Invoke-Dag -Dag words -WhatIf", "Invoke-Dag")]
    [InlineData("Test-Dag words", "Test-Dag")]
    [InlineData("Export-Dag words", "Export-Dag")]
    [InlineData("Add-DagNode -Dag words a { 1 }", "-Dag $dag")]
    [InlineData("Connect-DagNode -Dag words a b", "-Dag $dag")]
    [InlineData("New-Dag d { Add-DagNode a { 1 }; Add-DagNode b -After a -Call words }", "-Call $dag")]
    public void A_name_in_the_place_of_a_DAG_says_what_to_write(string script, string write)
    {
        var unknown = FailsWith("DagTypeMismatch", script, "'words'");
        SaysOnce(unknown, write);
        Assert.Equal(("words", ErrorCategory.InvalidType), (unknown.TargetObject, unknown.CategoryInfo.Category));

        var known = FailsWith("DagTypeMismatch", "$null = New-Dag words { Add-DagNode a { 1 } }; " + script, "made in this session");
        SaysOnce(known, write);
        Gives("0", "@(Get-DagRun).Count");
    }

    [Theory]
    [InlineData("Invoke-DagNode words a")]
    [InlineData("$dag | Invoke-DagNode words a")]
    public void Two_names_in_the_place_of_a_DAG_and_a_node_say_what_to_write(string script) =>
        FailsWith(
            "ParameterBindingFailed", "$dag = New-Dag d { Add-DagNode a { 1 } }; " + script, "'words'", "'a'", "Invoke-DagNode $dag a");

    [Theory]
    [InlineData("Invoke-Dag { Add-DagNode a { 1 } }")]
    [InlineData("Invoke-Dag { 1 } @{ x = 1 }")]
    [InlineData("Invoke-DagNode { 1 } a")]
    public void Code_in_the_place_of_a_DAG_says_what_to_write(string script) =>
        FailsWith("ParameterArgumentTransformationError", script, "a scriptblock was given", "$dag = New-Dag NAME");

    [Theory]
    [InlineData("DagInputAmbiguous", "Invoke-Dag $dag $twice", "'d'")]
    [InlineData("DagInputAmbiguous", "Invoke-Dag $dag @{ a = $twice }", "node 'a'")]
    [InlineData("DagInputAmbiguous", "Invoke-DagNode $dag a -Parameter $twice", "node 'a'")]
    [InlineData("DagInputAmbiguous",
        "$null = Invoke-Dag $bad @{ Id = 1 } -ErrorAction Ignore; Get-DagRun | Restart-DagRun -SourceInput $twice", "'bad'")]
    [InlineData("DagInputAmbiguous",
        "$null = Invoke-Dag $bad @{ a = @{ Id = 1 } } -ErrorAction Ignore; Get-DagRun | Restart-DagRun -SourceInput @{ a = $twice }",
        "'bad'")]
    [InlineData("DagInputAmbiguous", "New-Dag e -Variable $twice", "-Variable of the DAG 'e'")]
    [InlineData("DagInputAmbiguous", "New-Dag e { Add-DagNode b { param($Id) 1 } -Parameter $twice }", "-Parameter of node 'b'")]
    [InlineData("DagNodeDuplicate",
        "$twice['Id'] = $twice['ID'] = { 1 }; Invoke-Dag (New-Dag e { Add-DagNode Id { 1 } }) -Override $twice", "-Override")]
    public void Keys_that_differ_in_case_alone_are_refused(string errorId, string script, string of) => FailsWith(
        errorId,
        "$twice = [hashtable]::new([StringComparer]::Ordinal); $twice['Id'] = 1; $twice['ID'] = 2; "
            + "$dag = New-Dag d { Add-DagNode a { param($Id) 1 } }; $bad = New-Dag bad { Add-DagNode a { param($Id) throw 'no' } }; "
            + script,
        of, "'Id'", "'ID'");

    [Theory]
    [InlineData("Invoke-Dag $dag @{ N = 1; Name = 2 }")]
    [InlineData("Invoke-Dag $dag @{ a = @{ N = 1; Name = 2 } }")]
    [InlineData("Invoke-DagNode $dag a -Parameter @{ N = 1; Name = 2 }")]
    [InlineData("Invoke-Dag (New-Dag c { Add-DagNode a { param([Alias('N')]$Name) 1 } -Parameter @{ N = 1; Name = 2 } })")]
    [InlineData("Invoke-Dag (New-Dag c { Add-DagNode a { param($x, [Alias('N')]$Name) 1 } -Parameter @{ N = 1; Name = 2 } }) @{ x = 1 }")]
    [InlineData(
        "$one = New-Dag one { Add-DagNode a { param($x, [Alias('N')]$Name) 1 } -Parameter @{ N = 1; Name = 2 } }; "
            + "Invoke-Dag (New-Dag c { Add-DagNode l { 1, 2 }; Add-DagNode m -After l -Map $one })")]
    public void A_parameter_and_its_alias_are_one_key(string script) =>
        FailsWith(
            "DagInputAmbiguous", "$dag = New-Dag d { Add-DagNode a { param([Alias('N')]$Name) 1 } }; " + script,
            "node 'a'", "'N'", "'Name'");

    [Theory]
    [InlineData("DagNameInvalid", "New-Dag e -Variable @{ ' ' = 1 }", "-Variable of the DAG 'e'")]
    [InlineData("DagNameInvalid", "New-Dag e { Add-DagNode b { param($Id) 1 } -Parameter @{ '' = 1 } }", "-Parameter of node 'b'")]
    [InlineData("DagNameInvalid", "Invoke-Dag $dag -Override @{ ' ' = { 1 } }", "-Override")]
    [InlineData("DagMethodAmbiguous", "Invoke-Dag $dag -Override @{ a = $null }", "-Override of the node 'a'")]
    [InlineData("DagNameInvalid", "Invoke-DagNode $dag a -Parameter @{ '' = 1 }", "-Parameter of node 'a'")]
    [InlineData("DagNameInvalid", "Invoke-DagNode $dag plain -Parameter @{ ' ' = 1 }", "-Parameter of node 'plain'")]
    [InlineData("DagSourceInputUnknown", "Invoke-Dag $dag @{ ' ' = 1 }", "' '")]
    [InlineData("DagSourceInputUnknown", "Invoke-Dag $dag @{ a = @{ '' = 1 } }", "node 'a'")]
    public void A_blank_key_or_no_code_is_refused(string errorId, string script, string of)
    {
        FailsWith(errorId, "$dag = New-Dag d { Add-DagNode a { param($Id) 1 }; Add-DagNode plain { 1 } -After a }; " + script, of);
        Gives("0", "@(Get-DagRun).Count");
    }

    [Theory]
    [InlineData("Invoke-Dag 5", "Invoke-Dag", "System.Int32")]
    [InlineData("5 | Invoke-Dag", "Invoke-Dag", "System.Int32")]
    [InlineData("Invoke-Dag @($dag, $dag)", "Invoke-Dag", "System.Object[]")]
    [InlineData("Test-Dag 5", "Test-Dag", "System.Int32")]
    [InlineData("New-Dag d { Add-DagNode a { 1 }; Add-DagNode b -After a -Call { 1 } }", "-Call $dag", "ScriptBlock")]
    public void Anything_else_in_the_place_of_a_DAG_is_named_by_its_type(string script, string write, string type)
    {
        var error = FailsWith("DagTypeMismatch", $"$dag = New-Dag made {{ Add-DagNode a {{ 1 }} }}; {script}", type);
        SaysOnce(error, write);
        Gives("0", "@(Get-DagRun).Count");
    }

    [Fact]
    public void An_edge_from_an_empty_label_is_one_from_a_node_that_is_not_there() =>
        FailsWith("DagNodeNotFound", "New-Dag d { Add-DagNode a { 1 }; Connect-DagNode '' a }", "''");

    [Theory]
    [InlineData("Invoke-Dag $run")]
    [InlineData("$run | Invoke-Dag")]
    [InlineData("Test-Dag $run")]
    [InlineData("Restart-DagRun $run -Dag $run")]
    [InlineData("Invoke-DagNode $run a")]
    [InlineData("$run | Invoke-DagNode a")]
    public void A_run_in_the_place_of_a_DAG_says_what_takes_runs(string script) => SaysOnce(
        FailsWith("DagTypeMismatch", $"$run = New-Dag d {{ Add-DagNode a {{ 1 }} }} | Invoke-Dag; {script}"),
        "Restart-DagRun", "Invoke-DagReplay");

    // The view of an error shows its message and what it recommends, one below the other.
    private static void SaysOnce(System.Management.Automation.ErrorRecord error, params string[] parts)
    {
        var advice = error.ErrorDetails.RecommendedAction;
        Assert.All(parts, part => Assert.Contains(part, advice, StringComparison.Ordinal));
        Assert.DoesNotContain(advice, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-DagRun -DatabasePath ''")]
    [InlineData("Get-DagRun abc -DatabasePath ' '")]
    [InlineData("Get-DagRun -DatabasePath $env:NOBODY_HAS_SET_THIS")]
    [InlineData("New-Dag d { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath ''")]
    [InlineData("Restart-DagRun abc -DatabasePath ''")]
    [InlineData("Invoke-DagReplay abc a -DatabasePath ''")]
    [InlineData("Suspend-DagRun abc -DatabasePath ''")]
    [InlineData("Remove-DagRun abc -DatabasePath ''")]
    [InlineData("Remove-DagRun -KeepLast 1 -DatabasePath ''")]
    public void An_empty_database_path_is_not_taken_for_the_default(string script) =>
        FailsWith("DagDatabaseInvalid", script, "-DatabasePath");

    [Theory]
    [InlineData("Get-DagRun")]
    [InlineData("Restart-DagRun")]
    [InlineData("Suspend-DagRun")]
    [InlineData("Remove-DagRun")]
    public void A_run_from_the_pipeline_that_was_not_kept_is_not_looked_for_elsewhere(string cmdlet) => FailsWith(
        "DagProvenanceRequired",
        $"$PSDefaultParameterValues.Clear(); $run = New-Dag d {{ Add-DagNode a {{ throw 'no' }} }} | "
        + $"Invoke-Dag -NoProvenance -ErrorAction Ignore; $Error.Clear(); $run | {cmdlet}",
        "was not kept");

    [Theory]
    [InlineData("{ 'a'; 'b' }", "2 values")]
    [InlineData("{ , @('a', 'b', 'c') }", "3 values")]
    public void A_By_that_gives_several_values_says_so(string by, string said)
    {
        foreach (var node in new[] { $"-Map @{{ a = {{ 1 }}; b = {{ 2 }} }} -By {by}",
            $"-Switch @{{ a = {{ 1 }}; b = {{ 2 }} }} -By {by}" })
            FailsWith("DagNodeFailed",
                $"New-Dag d {{ Add-DagNode s {{ 1 }}; Add-DagNode route -After s {node} }} | Invoke-Dag -ErrorAction Stop",
                "node 'route' gave", said, "'a', 'b'");
    }

    [Fact]
    public void A_timeout_points_at_the_line_of_the_node()
    {
        var error = FailsWith("DagNodeFailed",
            "New-Dag d {\n    Add-DagNode quick { 1 }\n    Add-DagNode slow { Start-Sleep 600 } -Timeout 0.2\n} | "
            + "Invoke-Dag -ErrorAction Stop");

        Assert.Equal(3, error.InvocationInfo.ScriptLineNumber);
    }

    [Fact]
    public void The_timeout_of_an_element_points_at_the_node_inside()
    {
        var error = FailsWith(
            "DagNodeFailed",
            "$e = New-Dag e {\n    Add-DagNode slow { Start-Sleep 600 }\n}\nNew-Dag d { Add-DagNode l { 1 }\n    Add-DagNode m -After l "
            + "-Map $e -Timeout 0.2 } | Invoke-Dag -ErrorAction Stop");

        Assert.Equal(2, error.InvocationInfo.ScriptLineNumber);
    }

    [Theory]
    [InlineData("Start-Sleep 600", "-Timeout 0.2")]
    [InlineData("throw 'no'", "")]
    public void In_a_modules_file_the_text_names_file_and_line(string code, string setting)
    {
        var error = FailsWith(
            "DagNodeFailed",
            $"Set-Content (Join-Path $Folder etl.psm1) 'function Get-Etl {{ New-Dag etl {{',' Add-DagNode a {{ "
            + $"{code.Replace("'", "\"", StringComparison.Ordinal)} }} {setting} }} }}'; Import-Module (Join-Path $Folder etl.psm1); "
            + $"Get-Etl | Invoke-Dag -ErrorAction Stop",
            "etl.psm1:2");

        Assert.Equal(2, error.InvocationInfo.ScriptLineNumber);
    }
}
