using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class MethodNodeTests : ModuleTest
{
    [Theory]
    [InlineData("[IO.Path].GetMethod('GetFileName', [type[]]@([string]))")]
    [InlineData("[IO.Path]::GetFileName")]
    [InlineData("'System.IO.Path::GetFileName'")]
    [InlineData("'IO.Path::getfilename'")]
    [InlineData("'[System.IO.Path]::GetFileName'")]
    [InlineData("[Delegate]::CreateDelegate([Func[string, string]], [IO.Path].GetMethod('GetFileName', [type[]]@([string])))")]
    public void A_method_is_given_in_each_of_these_forms(string method) =>
        Gives("b.txt",
            $"(New-Dag d {{ Add-DagNode f {{ '/a/b.txt' }}; Add-DagNode a -Method ({method}) -After f }} | Invoke-Dag).Outputs['a']");

    [Fact]
    public void A_scriptblock_that_is_a_delegate_runs_in_its_own_session() => Gives(
        "8",
        "(New-Dag d { Add-DagNode f { 4 }; Add-DagNode a -Method ([Func[int, int]]{ param($x) $x * 2 }) -After f } | "
        + "Invoke-Dag).Outputs['a']");

    [Fact]
    public void A_method_of_an_object_runs_on_it() => Gives(
        "abc",
        "$text = [Text.StringBuilder]::new('abc'); (New-Dag d { Add-DagNode a -Method ($text.ToString) } | Invoke-Dag).Outputs['a']");

    [Fact]
    public void The_overload_is_the_one_whose_parameters_the_wiring_fills() => Gives(
        "Decimal 2.5",
        """
        $o = (New-Dag d { Add-DagNode f { -2.5d } -OutputType ([decimal]); Add-DagNode a -Method ([Math]::Abs) -After f } |
            Invoke-Dag).Outputs['a']
        "$($o.GetType().Name) $o"
        """);

    [Fact]
    public void Two_overloads_that_fit_are_an_error_that_lists_them() => FailsWith(
        "DagMethodAmbiguous",
        "New-Dag d { Add-DagNode f { -3 }; Add-DagNode size -Method ([Math]::Abs) -After f } | Invoke-Dag", "size", "Abs(System.Int32)",
            "Abs(System.Double)");

    [Fact]
    public void Overloads_that_differ_in_a_token_alone_are_no_error() => Gives(
        "completed",
        "(New-Dag d { Add-DagNode a -Method ([Threading.Tasks.Task]::Delay) -Parameter @{ millisecondsDelay = 1 } } | Invoke-Dag).Status");

    [Theory]
    [InlineData("Task", "True")]
    [InlineData("TaskOf", "5")]
    [InlineData("ValueTask", "True")]
    [InlineData("ValueTaskOf", "6")]
    public void A_task_is_awaited(string method, string expected) => Gives(
        expected,
        $"$o = (New-Dag d {{ Add-DagNode a -Method 'Tests.Methods::{method}' }} | Invoke-Dag).Outputs['a']; "
        + $"if ($null -eq $o) {{ $true }} else {{ $o }}");

    [Fact]
    public void The_type_of_a_task_is_what_wiring_sees() => Gives(
        "x 5",
        """
        (New-Dag d { Add-DagNode s { 'x' } -OutputType ([string]); Add-DagNode n -Method 'Tests.Methods::TaskOf';
            Add-DagNode a { param([int]$number, [string]$text) "$text $number" } -After s, n } | Invoke-Dag).Outputs['a']
        """);

    [Fact]
    public void Optional_parameters_keep_their_defaults() => Gives(
        "1-7",
        "(New-Dag d { Add-DagNode a -Method 'Tests.Methods::Optional' -Parameter @{ first = 1 } } | Invoke-Dag).Outputs['a']");

    [Fact]
    public void A_context_and_a_token_are_passed_to_a_method() => Gives(
        "d a 1 True",
        """
        $method = [Func[Lythonic.Dag.DagContext, Threading.CancellationToken, string]]{
            param($c, $t) "$($c.DagName) $($c.NodeLabel) $($c.Attempt) $($t -eq $c.CancellationToken)" }
        (New-Dag d { Add-DagNode a -Method $method } | Invoke-Dag).Outputs['a']
        """);

    [Fact]
    public void A_method_pauses_its_run_by_the_exception() => Gives(
        "paused enough",
        "$r = New-Dag d { Add-DagNode a -Method ([Action[Lythonic.Dag.DagContext]]{ param($c) "
        + "throw [Lythonic.Dag.DagPauseException]::new('enough') }) } | Invoke-Dag; \"$($r.Status) $($r.Error)\"");

    [Fact]
    public void A_method_runs_on_a_pool_thread() => Gives(
        "True",
        "(New-Dag d { Add-DagNode a -Method 'Tests.Methods::IsPoolThread' } | Invoke-Dag).Outputs['a']");

    [Fact]
    public void An_exception_of_a_method_is_the_inner_exception_of_the_error() => Gives(
        "FileNotFoundException FileNotFoundException",
        """
        $null = New-Dag d { Add-DagNode a -Method ([IO.File]::ReadAllLines) -Parameter @{ path = "$Folder/nowhere" } } |
            Invoke-Dag -ErrorAction SilentlyContinue -ErrorVariable e
        "$($e[0].Exception.InnerException.GetType().Name) $($e[0].Exception.ErrorRecord.FullyQualifiedErrorId)"
        """);

    [Theory]
    [InlineData("'System.Math::Nowhere'")]
    [InlineData("'No.Such.Type::Thing'")]
    [InlineData("'nothing'")]
    [InlineData("5")]
    public void What_is_no_method_is_an_error_that_names_it(string method)
    {
        var error = FailsWith("DagMethodAmbiguous", $"New-Dag d {{ Add-DagNode a -Method {method} }}");

        Assert.Equal(method.Trim('\''), $"{error.TargetObject}");
    }

    [Theory]
    [InlineData("'Tests.Methods::Span'")]
    [InlineData("([Tests.Methods]::Span)")]
    [InlineData("'Tests.Methods::ByReference'")]
    [InlineData("([Tests.Methods].GetMethod('ByReference'))")]
    public void A_method_whose_result_cannot_be_passed_on_is_refused_when_the_node_is_added(string method) => FailsWith(
        "DagMethodAmbiguous", $"New-Dag d {{ Add-DagNode a -Method {method} }}", "result by reference, such as a span");

    [Fact]
    public void The_kind_of_the_node_run_is_method() => Gives(
        "Method",
        "\"$((New-Dag d { Add-DagNode a -Method 'System.IO.Path::GetTempPath' } | Invoke-Dag).Nodes[0].Kind)\"");
}
