using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour.Nodes;

/// <summary>The error of a parameter that refuses its value says which upstreams the value came from, and which only come before.</summary>
public sealed class RefusedInputTests : ModuleTest
{
    private const string Two = "Add-DagNode setup { 'made' }; Add-DagNode a { 1, 2 }; ";

    [Theory]
    [InlineData("Add-DagNode c -After a, setup { param([int[]]$x) $x }", "'x' is a list of the outputs of 'a', 'setup'.")]
    [InlineData(
        "Add-DagNode c -After setup, a { param([int]$x) $x }", "'x' is the output of 'setup'; 'a' only comes before.")]
    [InlineData(
        "Add-DagNode n { [OutputType([string])] param() 'n' }; Add-DagNode c -After setup, n, a { param([string]$s, [guid]$x, $y) $x }",
        "'x' is the output of 'setup'.")]
    [InlineData(
        "Add-DagNode n { [OutputType([int])] param() 7 }; Add-DagNode c -After a, n, setup { param([ValidateRange(1, 3)][int[]]$x) $x }",
        "'x' is a list of the one output of 'n'; 'a', 'setup' only come before.")]
    [InlineData(
        "Add-DagNode c -After a, setup { [CmdletBinding()] param([int[]]$x) $x }", "'x' is a list of the outputs of 'a', 'setup'.")]
    [InlineData(
        "Add-DagNode c -After a, setup -Inline { param([int[]]$x) $x }", "'x' is a list of the outputs of 'a', 'setup'.")]
    [InlineData(
        "Add-DagNode c -After setup, a -Method ([Math].GetMethod('Abs', [type[]]@([int])))",
        "'value' is the output of 'setup'; 'a' only comes before.")]
    public void Of_several_upstreams_the_error_and_the_run_name_them(string node, string origin) => Gives(
        "True True",
        $$"""
        $run = New-Dag d { {{Two}}{{node}} } | Invoke-Dag -ErrorAction SilentlyContinue -ErrorVariable failed
        "$("$failed".EndsWith("{{origin}}")) $($run.Error.EndsWith("{{origin}}"))"
        """);

    [Theory]
    [InlineData("guid")]
    [InlineData("datetime")]
    [InlineData("char")]
    [InlineData("System.DayOfWeek")]
    [InlineData("version")]
    [InlineData("int[]")]
    public void The_parameter_is_named_whatever_its_type_is(string type) => Gives(
        "Cannot process argument transformation on parameter 'x'",
        $$"""
        $run = New-Dag d { Add-DagNode a { '(a' }; Add-DagNode b -After a { param([{{type}}]$x) $x } } | Invoke-Dag -ErrorAction Ignore
        $run.Error.Split('.')[0]
        """);

    [Fact]
    public void The_advice_is_the_edge_that_chooses_and_the_run_goes_on_with_it() => Gives(
        "Say which output it takes with Connect-DagNode -To c -Parameter x -From …, then go on at 'c': Restart-DagRun|completed: 3",
        $$"""
        $dag = New-Dag d { {{Two}}Add-DagNode c -After a, setup { param([int[]]$x) $x[0] + $x[1] } }
        $run = $dag | Invoke-Dag -ErrorAction SilentlyContinue -ErrorVariable failed
        Connect-DagNode -Dag $dag -From a -To c -Parameter x
        $again = $run | Restart-DagRun
        "$($failed[0].ErrorDetails.RecommendedAction -replace ' \w{8}( -DatabasePath .*)?$')|$($again.Status): $($again.Outputs['c'])"
        """);

    [Theory]
    [InlineData("Add-DagNode s { 'made' }; Add-DagNode c -After s { param([int]$x) $x }", "is the output")]
    [InlineData("Add-DagNode c { param([int]$x) $x } -After a, setup -Parameter @{ x = 1 }", "is ")]
    [InlineData("Add-DagNode c -After a, setup { param($x) function f([int]$x) { }; f -x 'one' }", "is the output")]
    public void An_error_of_something_else_names_none(string node, string text) => Gives(
        "False",
        $$"""
        $null = New-Dag d { {{Two}}{{node}} } | Invoke-Dag -ErrorAction SilentlyContinue -ErrorVariable failed
        "$failed".Contains("{{text}}")
        """);
}
