using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

/// <summary>Edges whose output can never become what the parameter takes.</summary>
public sealed class ImpossibleEdgeTests : ModuleTest
{
    [Fact]
    public void Test_Dag_names_the_parameter_and_both_types() => Gives(
        "Error DagTypeMismatch b: The parameter 'Id' of node 'b' takes System.Guid, and the output of 'a' (System.Int32) cannot be "
            + "converted to it.",
        "New-Dag d { Add-DagNode a { [OutputType([int])] param() 1 }; Add-DagNode b -After a { param([guid]$Id) $Id } } "
            + "| Test-Dag | ForEach-Object { \"$($_.Severity) $($_.ErrorId) $($_.Node): $($_.Message)\" }");

    [Fact]
    public void Nothing_runs() => FailsWith(
        "DagTypeMismatch",
        "New-Dag d { Add-DagNode a { [OutputType([int])] param() 1 }; "
            + "Add-DagNode b -After a { param([guid]$Id) $Id } } | Invoke-Dag -NoProvenance");

    [Fact]
    public void PowerShell_could_make_no_value_of_an_edge_that_is_refused() => Gives(
        "True",
        """
        $samples = [sbyte]1, [byte]1, [int16]1, [uint16]1, 0, 1, -1, 200000, 1u, 0L, 638000000000000000L, 1ul, [single]0, [single]1.5, 0.0,
            1.5, 45000.25, 1e300, 0d, 2.5d, $true, $false, [char]'0', [char]'a', [char]1, [datetime]::MinValue, [datetime]::MaxValue,
            [DateTimeOffset]::MinValue, [DateTimeOffset]::MaxValue, [timespan]::Zero, [timespan]::FromDays(1), [guid]::Empty,
            [guid]::NewGuid(), [version]'1.2', [version]'2020.1.2', [DateOnly]::MinValue, [DateOnly]::MaxValue, [TimeOnly]::MinValue,
            [TimeOnly]::MaxValue
        $types = @($samples | ForEach-Object GetType; [DayOfWeek]; [bigint]; [uri]) | Select-Object -Unique
        $refused = 0
        foreach ($from in $types) {
            foreach ($to in $types) {
                $b = [scriptblock]::Create("param([$to]`$x)")
                $d = New-Dag d { Add-DagNode a { 1 } -OutputType $from; Add-DagNode b -After a $b }
                if (-not $d.Validate()) { continue }
                $refused++
                foreach ($sample in $samples) {
                    $made = $null
                    if ($sample.GetType() -ne $from) { continue }
                    if ([Management.Automation.LanguagePrimitives]::TryConvertTo($sample, $to, [cultureinfo]'', [ref]$made)) {
                        throw "$sample ($from) became $made ($to)"
                    }
                }
            }
        }
        $refused -gt 150
        """);

    [Fact]
    public void A_list_of_names_becomes_an_enum_of_flags() => Gives(
        "ReadOnly, Hidden",
        "$d = New-Dag d { Add-DagNode a { [OutputType([string[]])] param() 'Hidden', 'ReadOnly' }; "
            + "Add-DagNode b -After a { param([IO.FileAttributes]$Flags) \"$Flags\" } }; (Invoke-Dag $d -NoProvenance).Outputs['b']");

    [Fact]
    public void An_attribute_that_converts_by_code_of_the_user_may_take_anything() => Gives(
        "",
        """
        class ToGuid : System.Management.Automation.ArgumentTransformationAttribute {
            [object] Transform([System.Management.Automation.EngineIntrinsics]$engine, [object]$data) { return [guid]::Empty }
        }
        New-Dag d { Add-DagNode a { [OutputType([int])] param() 1 }; Add-DagNode b -After a { param([ToGuid()][guid]$Id) $Id } } | Test-Dag
        """);
}
