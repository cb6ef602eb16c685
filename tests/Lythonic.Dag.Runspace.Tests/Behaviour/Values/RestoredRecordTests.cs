using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>
/// Records that a restart hands on, if their type is not declared by the node that made them but in a sub-DAG, or by the node that takes
/// them.
/// </summary>
public sealed class RestoredRecordTests : ModuleTest
{
    private const string Gate = "if (-not [IO.File]::Exists(\"$using:Folder/go\")) { throw 'no' }";
    private const string Sub = "(New-Dag s { Add-DagNode i { param($x) [Tests.Point]::new($x, \"n$x\") } -OutputType ([Tests.Point]) })";

    [Theory]
    [InlineData("1, 2", "Add-DagNode m -After p -Map SUB", "[Tests.Point[]]$m", "$m[1]")]
    [InlineData("1, 2", "Add-DagNode m -After p -Map SUB", "[System.Collections.Generic.List[Tests.Point]]$m", "$m[1]")]
    [InlineData("1, 2", "Add-DagNode m -After p -Map SUB", "$m", "$m[1]")]
    [InlineData("1, 2", "Add-DagNode m -After p -Map @{ k = SUB; l = SUB } -By { 'k' }", "$m", "$m[1]")]
    [InlineData("[ordered]@{ a = 1; b = 2 }", "Add-DagNode m -After p -Map SUB", "$m", "$m['b']")]
    [InlineData("@{ 1 = 1; 2 = 2 }", "Add-DagNode m -After p -Map SUB", "$m", "$m[[object]2]")]
    [InlineData("1, 2",
        "Add-DagNode m -After p -Flatten -Map (New-Dag s { Add-DagNode i { param($x) , @([Tests.Point]::new(0, 'o'), "
        + "[Tests.Point]::new($x, \"n$x\")) } -OutputType ([Tests.Point[]]) })", "$m", "$m[3]")]
    [InlineData(", @(@(1, 2), @(2))",
        "Add-DagNode m -After p -Map (New-Dag o { Add-DagNode q { param($x) , $x }; Add-DagNode n -After q -Map SUB })", "$m", "$m[0][1]")]
    [InlineData("2", "Add-DagNode m -After p -Call SUB", "$m", "$m")]
    [InlineData("2", "Add-DagNode m -After p -Switch @{ k = SUB; l = SUB } -By { 'k' }", "$m", "$m")]
    [InlineData("1, 2", "Add-DagNode m -After p -Call (New-Dag o { Add-DagNode q { param($x) , $x }; Add-DagNode n -After q -Map SUB })",
        "$m", "$m[1]")]
    public void What_a_sub_dag_declares_comes_back(string made, string composite, string parameter, string taken)
    {
        Fail(
            $"Add-DagNode p {{ {made} }}; {composite.Replace("SUB", Sub, StringComparison.Ordinal)}; "
            + $"Add-DagNode c {{ param({parameter}) {Gate}; $v = {taken}; \"$($v.GetType()) $($v.X) $($v.Name)\" }} -After m");

        Gives("Tests.Point 2 n2", "(Restart-DagRun $r.RunId -Dag $d).Outputs.c");
    }

    [Fact]
    public void Elements_that_were_done_come_back_as_those_that_are_made_now()
    {
        Fail(
            $"Add-DagNode p {{ 1, 2 }}; Add-DagNode m -After p -Map (New-Dag s {{ Add-DagNode i {{ param($x) if ($x -eq 2) {{ {Gate} }}; "
            + $"[Tests.Point]::new($x, \"n$x\") }} -OutputType ([Tests.Point]) }}); "
            + $"Add-DagNode c {{ param($m) $m.ForEach({{ \"$($_.GetType()) $($_.X)\" }}) }} -After m", "-ThrottleLimit 1");

        Gives("Tests.Point 1\nTests.Point 2", "(Restart-DagRun $r.RunId -Dag $d).Outputs.c");
    }

    [Theory]
    [InlineData("[Tests.Point]::new(2, 'n2')", "[Tests.Point]$v", "$v")]
    [InlineData("[Tests.Point]::new(2, 'n2')", "[Tests.Point[]]$v", "$v[0]")]
    [InlineData("[Tests.Point]::new(1, 'n1'), [Tests.Point]::new(2, 'n2')", "[Tests.Point[]]$v", "$v[1]")]
    [InlineData("[Tests.Point]::new(1, 'n1'), [Tests.Point]::new(2, 'n2')", "[System.Collections.Generic.List[Tests.Point]]$v", "$v[1]")]
    [InlineData(", [Tests.Point[]]@([Tests.Point]::new(1, 'n1'), [Tests.Point]::new(2, 'n2'))", "[Tests.Point[]]$v", "$v[1]")]
    public void What_the_parameter_declares_comes_back(string made, string parameter, string taken)
    {
        Fail(
            $"Add-DagNode a {{ {made} }}; Add-DagNode c {{ param({parameter}) {Gate}; $x = {taken}; "
            + $"\"$($x.GetType()) $($x.X) $($x.Name)\" }} -After a");

        Gives("Tests.Point 2 n2", "(Restart-DagRun $r.RunId -Dag $d).Outputs.c");
    }

    [Theory]
    [InlineData("[Tests.Point]::new(2, 'n2')", "-Map ONE", "Tests.Point 2")]
    [InlineData("[Tests.Point]::new(2, 'n2'), [Tests.Point]::new(3, 'n3')", "-Map ONE", "Tests.Point 2\nTests.Point 3")]
    [InlineData("@{ k = [Tests.Point]::new(2, 'n2') }", "-Map (New-Dag s { Add-DagNode i ONE; Add-DagNode j -After i { $_ } })",
        "Tests.Point 2")]
    [InlineData("[Tests.Point]::new(2, 'n2')", "-Call (New-Dag s { Add-DagNode i ONE })", "Tests.Point 2")]
    [InlineData("[Tests.Point]::new(2, 'n2')", "-Switch @{ k = ONE } -By { 'k' }", "Tests.Point 2")]
    public void What_the_source_of_a_sub_dag_declares_comes_back(string made, string consumer, string expected)
    {
        var one = $"{{ param([Tests.Point]$v) {Gate}; \"$($v.GetType()) $($v.X)\" }}";
        Fail($"Add-DagNode a {{ {made} }}; Add-DagNode c -After a {consumer.Replace("ONE", one, StringComparison.Ordinal)}");

        Gives(expected,
            "$c = (Restart-DagRun $r.RunId -Dag $d).Outputs.c; if ($c -is [System.Collections.IDictionary]) { $c.Values } else { $c }");
    }

    [Theory]
    [InlineData("@{ V = [Tests.Point]::new(2, 'n2') }")]
    [InlineData("@{ a = @{ V = [Tests.Point]::new(2, 'n2') } }")]
    public void Source_input_comes_back_as_the_record_that_its_parameter_declares(string input)
    {
        Fail($"Add-DagNode a {{ param([Tests.Point]$V) {Gate}; \"$($V.GetType()) $($V.X)\" }}", $"-SourceInput {input}");

        Gives("Tests.Point 2", "(Restart-DagRun $r.RunId -Dag $d).Outputs.a");
    }

    [Fact]
    public void A_map_stays_undeclared_to_the_wiring()
    {
        Fail(
            $"Add-DagNode p {{ 1, 2 }}; Add-DagNode m -After p -Map {Sub}; Add-DagNode n -After p -Map {Sub}; "
            + $"Add-DagNode c {{ param($x, $y) {Gate}; \"$($x.GetType()) $($y[1].X)\" }} -After m, n");

        Gives("System.Object[] 2", "(Restart-DagRun $r.RunId -Dag $d).Outputs.c");
    }

    private void Fail(string nodes, string options = "") =>
        Session.Run(
            $"$d = New-Dag d {{ {nodes} }}; $r = Invoke-Dag $d {options} -ErrorAction SilentlyContinue; "
            + $"if ($r.Status -ne 'Failed') {{ throw $r.Status }}; [IO.File]::WriteAllText(\"$Folder/go\", '')").Sound();
}
