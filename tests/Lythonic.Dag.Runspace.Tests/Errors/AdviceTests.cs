using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Errors;

public sealed class AdviceTests : ModuleTest
{
    private const string Run = "$d = New-Dag d { Add-DagNode a { param($X) 1 } }; $r = Invoke-Dag $d @{ X = 1 }; ";

    private const string Two = """
        New-Dag d {
            Add-DagNode a { [OutputType([int])] param() 1 }
            Add-DagNode b { [OutputType([int])] param() 1 }
            Add-DagNode c { param([int]$X) 1 } -After a, b
        }
        """;

    [Theory]
    [InlineData("DagInputMissing",
        "New-Dag d { Add-DagNode a { param([Parameter(Mandatory)]$X) 1 } } | Invoke-Dag", "-SourceInput @{ a = @{ X = … } }")]
    [InlineData("DagInputAmbiguous", Two + " | Invoke-Dag", "Connect-DagNode -Parameter X")]
    [InlineData("DagCompositeUpstream", "New-Dag d { Add-DagNode m -Map { 1 } }", "-After")]
    [InlineData("DagTypeMismatch",
        "New-Dag d { Add-DagNode a { [OutputType([int])] param() 1 }; Add-DagNode m -Map { 1 } -After a } | Invoke-Dag", "-Call")]
    [InlineData("DagRunNotRestartable", Run + "Restart-DagRun $r.RunId", "Invoke-DagReplay")]
    [InlineData("DagRunNotFound", Run + "Restart-DagRun 00000000-0000-0000-0000-000000000000 -Dag $d", "Get-DagRun")]
    [InlineData("DagDatabaseInvalid", "Get-DagRun -DatabasePath ([IO.Path]::GetTempPath())", "-DatabasePath")]
    public void What_to_do_is_said_in_the_words_of_PowerShell(string errorId, string script, string action) =>
        Assert.Contains(action, FailsWith(errorId, script).ErrorDetails.RecommendedAction, StringComparison.Ordinal);

    [Theory]
    [InlineData("DagRunNotRestartable", Run + "Restart-DagRun $r.RunId")]
    [InlineData("DagRunNotRestartable", "$null = 1 | Invoke-DagMap { $_ } -RunVariable m; Restart-DagRun $m")]
    [InlineData("DagRunNotFound", "$null = New-Dag names { Add-DagNode a { 1 } } | Invoke-Dag; Restart-DagRun names")]
    [InlineData("DagNodeFailed", "$r = New-Dag d { Add-DagNode a { throw 'no' } } | Invoke-Dag")]
    public void The_view_of_an_error_says_what_to_do_and_nothing_twice(string errorId, string script)
    {
        var error = FailsWith(errorId, script);

        var words = error.ErrorDetails.RecommendedAction.Split(' ');
        var said = error.ToString();
        for (var at = 0; at + 5 <= words.Length; at++)
            Assert.DoesNotContain(string.Join(' ', words.Skip(at).Take(5)), said, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void All_problems_of_a_DAG_say_what_to_do()
    {
        var error = FailsWith(
            "DagSourceInputUnknown",
            "New-Dag d { Add-DagNode a { param([Parameter(Mandatory)]$X) 1 } } | Invoke-Dag -SourceInput @{ Y = 1 }");

        Assert.Contains("by label", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("-SourceInput @{ a = @{ X = … } }", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ Foldr = 1 }")]
    [InlineData("@{ a = @{ Foldr = 1 } }")]
    public void A_misspelled_input_is_not_missing_too(string input)
    {
        var error = FailsWith(
            "DagSourceInputUnknown",
            $"New-Dag d {{ Add-DagNode a {{ param([Parameter(Mandatory)]$Folder) 1 }} }} | Invoke-Dag -SourceInput {input}");

        Assert.EndsWith("Did you mean 'Folder'?", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("-SourceInput", error.ErrorDetails?.RecommendedAction ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_of_a_run_names_the_other_nodes_that_failed_too()
    {
        var error = FailsWith(
            "DagNodeFailed",
            "$null = New-Dag d { Add-DagNode a { throw 'no' }; foreach ($n in 1..6) { Add-DagNode \"n$n\" { throw 'x' } } } "
                + "| Invoke-Dag -ContinueOnFailure -ThrottleLimit 1");

        Assert.StartsWith(
            "Node 'a' of 'd' failed: no; 'n1', 'n2', 'n3', 'n4', 'n5' and 1 more failed too", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_that_ends_a_map_says_how_many_other_elements_failed()
    {
        var error = FailsWith(
            "DagElementFailed",
            "$together = [Threading.Barrier]::new(3); "
                + "1..3 | Invoke-DagMap { $null = ($using:together).SignalAndWait(60000); throw 'no' } -ThrottleLimit 3 -ErrorAction Stop");

        Assert.EndsWith("; 2 other elements failed too", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_of_a_DAG_says_what_to_do_as_its_error_would() => Gives(
        "Say which with Connect-DagNode -Parameter X.", $"({Two} | Test-Dag).RecommendedAction");
}
