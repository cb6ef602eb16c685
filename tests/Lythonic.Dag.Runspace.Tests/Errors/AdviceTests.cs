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

    [Fact]
    public void A_problem_of_a_DAG_says_what_to_do_as_its_error_would() => Gives(
        "Say which with Connect-DagNode -Parameter X.", $"({Two} | Test-Dag).RecommendedAction");
}
