using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>A parameter that nothing fills is what a call of the scriptblock would leave it, whatever its type.</summary>
public sealed class OpenParameterTests : ModuleTest
{
    [Theory]
    [InlineData("[datetime]$x")]
    [InlineData("[DayOfWeek]$x")]
    [InlineData("[Threading.CancellationToken]$x")]
    [InlineData("[guid]$x, $y = 5")]
    [InlineData("[timespan]$x")]
    [InlineData("[char]$x")]
    [InlineData("[bigint]$x")]
    [InlineData("[Collections.Generic.KeyValuePair[int, int]]$x")]
    [InlineData("[nullable[datetime]]$x")]
    [InlineData("[int]$x")]
    [InlineData("[bool]$x")]
    [InlineData("[string]$x")]
    [InlineData("[int[]]$x")]
    [InlineData("[switch]$x")]
    [InlineData("[datetime]$x = '2020-02-03'")]
    [InlineData("[ValidateNotNull()][datetime]$x")]
    [InlineData("[Parameter(ParameterSetName = 'other')][guid]$x")]
    public void It_is_empty_in_a_worker_and_inline_as_in_a_call(string parameters) => Gives(
        "True True True",
        $$"""
        $script = { param({{parameters}}) "$($null -eq $x) $(if ($null -ne $x) { $x.GetType() }) $x" }
        $direct = & $script
        $run = New-Dag d { Add-DagNode worker $script; Add-DagNode inline $script -Inline } | Invoke-Dag -NoProvenance -ContinueOnFailure
        "$($run.Nodes['worker'].Output -eq $direct) $($run.Nodes['inline'].Output -eq $direct) $($run.Status -eq 'completed')"
        """);

    [Fact]
    public void It_is_empty_in_an_element_of_a_map_that_lacks_its_key() => Gives(
        "1 True,2 True",
        "(New-Dag d { Add-DagNode l { @{ n = 1 }, @{ n = 2 } }; Add-DagNode m -After l -Map { param([int]$n, [datetime]$when) "
        + "\"$n $($null -eq $when)\" } } | Invoke-Dag -NoProvenance).Outputs['m'] -join ','");

    [Fact]
    public void It_is_empty_where_its_class_is_made_only_when_the_script_runs() => Gives(
        "completed",
        "$script = [scriptblock]::Create('param([Later]$x) 1'); Invoke-Expression 'enum Later { One }'; "
        + "(New-Dag d { Add-DagNode a $script -Inline } | Invoke-Dag -NoProvenance).Status");
}
