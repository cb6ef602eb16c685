using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>What of the caller's session a node finds in a worker.</summary>
public sealed class SessionTests : ModuleTest
{
    [Theory]
    [InlineData("function Twice($n) { 2 * $n }")]
    [InlineData("function Twice { param($n) 2 * $n }")]
    [InlineData("function Half($n) { $n / 2 }; function Twice($n) { 4 * (Half $n) }")]
    [InlineData(
        "function Double($n) { 2 * $n }; Microsoft.PowerShell.Core\\Get-Command Double; "
        + "$ExecutionContext.InvokeProvider.Item.Set('alias:Twice', 'Double')")]
    public void A_function_that_a_node_calls_by_name_is_known(string definition) =>
        Gives("10", $"$null = . {{ {definition} }}; (New-Dag d {{ Add-DagNode a {{ Twice 5 }} }} | Invoke-Dag).Outputs['a']");

    [Fact]
    public void What_is_made_known_is_said_verbosely() =>
        Assert.Contains(
            Session.Run("function Twice($n) { 2 * $n }; $null = New-Dag d { Add-DagNode a { Twice 5 } } | Invoke-Dag -Verbose").Verbose,
            record => record.Message.Contains("'Twice'", StringComparison.Ordinal));

    [Fact]
    public void A_module_whose_command_a_node_calls_is_loaded()
    {
        Module("function Get-Greeting { \"hello $(Hidden)\" }; function Hidden { 'there' }; Export-ModuleMember -Function Get-Greeting");

        Gives("hello there", "Import-Module $Folder/Greet.psm1; (New-Dag d { Add-DagNode a { Get-Greeting } } | Invoke-Dag).Outputs['a']");
    }

    [Fact]
    public void A_module_that_the_dag_names_is_loaded()
    {
        Module("function Get-Greeting { 'hello' }");

        Gives("hello", "(New-Dag d -Module $Folder/Greet.psm1 { Add-DagNode a { & ('Get-' + 'Greeting') } } | Invoke-Dag).Outputs['a']");
    }

    [Theory]
    [InlineData("Greet")]
    [InlineData("./Greet.psm1")]
    public void A_module_that_the_dag_names_is_the_one_that_the_session_means(string name)
    {
        Module("function Get-Greeting { 'hello' }");

        Gives("hello",
            $$"""
            Import-Module $Folder/Greet.psm1
            Push-Location $Folder
            $dag = New-Dag d -Module {{name}} { Add-DagNode a { & ('Get-' + 'Greeting') } }
            Pop-Location
            ($dag | Invoke-Dag -NoProvenance).Outputs['a']
            """);
    }

    [Fact]
    public void A_worker_is_silent_about_the_names_in_a_module()
    {
        Module("function Greet-Somebody { 'hello' }");

        var streams = Session.Run(
            """
            $dag = New-Dag d -Module $Folder/Greet.psm1 { Add-DagNode a { Greet-Somebody } }
            $null = $dag | Invoke-Dag -Verbose
            $dag | Invoke-Dag
            """);

        Assert.Empty(streams.Warnings);
        Assert.DoesNotContain(streams.Verbose, record => record.Message.Contains("Importing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_function_and_a_variable_that_the_dag_names_are_known() => Gives(
        "14",
        "function Twice($n) { 2 * $n }; (New-Dag d -Function Twice -Variable @{ seven = 7 } { Add-DagNode a { & ('Tw' + 'ice') $seven } } "
        + "| Invoke-Dag).Outputs['a']");

    [Fact]
    public void A_function_that_the_dag_names_and_the_session_lacks_is_an_error() =>
        FailsWith("DagInputMissing", "New-Dag d -Function Nowhere { Add-DagNode a { 1 } } | Invoke-Dag", "Nowhere");

    [Fact]
    public void The_values_of_using_are_those_when_the_node_was_added() =>
        Gives("5", "$x = 5; $d = New-Dag d { Add-DagNode a { & { & { $using:x } } } }; $x = 6; (Invoke-Dag $d).Outputs['a']");

    [Fact]
    public void A_member_of_a_using_variable_is_read() =>
        Gives("3", "$x = @{ Deep = @(1, 2, 3) }; (New-Dag d { Add-DagNode a { $using:x.Deep[2] } } | Invoke-Dag).Outputs['a']");

    [Theory]
    [InlineData("$z = 3; 1..2 | ForEach-Object -Parallel { $using:z + $_ }", "4,5")]
    [InlineData("1..2 | ForEach-Object -Parallel { $using:x + $_ }", "6,7")]
    [InlineData("1..2 | ForEach-Object { $using:x + $_ }", "6,7")]
    [InlineData("$y = $using:x; 1..2 | ForEach-Object -Parallel { $using:x + $using:y + $_ }", "11,12")]
    public void A_block_for_another_session_takes_the_nodes_variable_or_the_callers(string script, string expected) =>
        Gives(expected, $"$x = 5; (New-Dag d {{ Add-DagNode a {{ {script} }} }} | Invoke-Dag -NoProvenance).Outputs['a'] -join ','");

    [Fact]
    public void A_variable_of_a_drive_is_read() =>
        Gives("True", "(New-Dag d { Add-DagNode a { $using:env:PATH } } | Invoke-Dag -NoProvenance).Outputs['a'] -eq $env:PATH");

    [Fact]
    public void A_function_of_a_module_in_memory_is_known() =>
        Gives("dyn",
            "New-Module memory { function Get-Dyn { 'dyn' } } | Import-Module; (New-Dag d { Add-DagNode a { Get-Dyn } } | "
            + "Invoke-Dag -NoProvenance).Outputs['a']");

    [Fact]
    public void A_module_that_is_not_there_fails_the_node() =>
        FailsWith("DagNodeFailed", "New-Dag d -Module NoSuchModule { Add-DagNode a { 1 } } | Invoke-Dag -NoProvenance", "NoSuchModule");

    [Fact]
    public void A_delegate_of_a_scriptblock_can_override() =>
        Gives("9.5",
            "(New-Dag d { Add-DagNode s { 1 } } | Invoke-Dag -NoProvenance -Override @{ s = [Func[double]] { 9.5 } }).Outputs['s']");

    [Fact]
    public void A_using_variable_that_is_not_set_is_an_error() =>
        FailsWith("DagInputMissing", "New-Dag d { Add-DagNode a { $using:nowhere } }", "nowhere");

    [Fact]
    public void The_location_of_the_caller_holds() => Gives(
        "True",
        "$null = $ExecutionContext.SessionState.Path.SetLocation($Folder); (New-Dag d { Add-DagNode a { $PWD.Path } } | "
        + "Invoke-Dag).Outputs['a'] -eq $PWD.Path");

    [Theory]
    [InlineData("Add-DagNode a { (1.5).ToString() }")]
    [InlineData("Add-DagNode a -Method ([Func[string]] { (1.5).ToString() })")]
    [InlineData("Add-DagNode a -Method ([Lythonic.Dag.Runspace.Tests.Hosting.SessionTests].GetMethod('Half'))")]
    public void The_culture_of_the_caller_holds(string node) => Gives(
        "1,5",
        $$"""
        $before = [cultureinfo]::CurrentCulture
        $comma = [cultureinfo]::InvariantCulture.Clone()
        $comma.NumberFormat.NumberDecimalSeparator = ','
        [cultureinfo]::CurrentCulture = $comma
        try { (New-Dag d { {{node}} } | Invoke-Dag -NoProvenance).Outputs['a'] } finally { [cultureinfo]::CurrentCulture = $before }
        """);

    [Fact]
    public void A_delegate_of_a_scriptblock_runs_as_the_scriptblock_with_the_types_of_the_delegate() => Gives(
        "32 Double",
        """
        $run = New-Dag d { Add-DagNode n { 16 } -OutputType ([double]);
            Add-DagNode twice -Method ([Func[double, double]] { param($x) $x * 2 }) -After n } | Invoke-Dag
        "$($run.Outputs['twice']) $($run.Outputs['twice'].GetType().Name)"
        """);

    [Fact]
    public void The_preferences_of_the_caller_hold() => Gives(
        "Stop Continue",
        "$ErrorActionPreference = 'Stop'; $VerbosePreference = 'Continue'; (New-Dag d { Add-DagNode a { \"$ErrorActionPreference "
        + "$VerbosePreference\" } } | Invoke-Dag).Outputs['a']");

    [Fact]
    public void A_script_file_keeps_its_place_its_namespaces_and_its_classes()
    {
        var script = Session.Folder.File("pipeline.ps1");
        File.WriteAllText(
            script,
            """
            using namespace System.Text
            class Point { [int]$X; Point([int]$x) { $this.X = $x } }
            $run = New-Dag d { Add-DagNode a {
                $place = "$($PSScriptRoot -eq $using:Folder) $([IO.Path]::GetFileName($PSCommandPath))"
                "$([StringBuilder]::new('b')) $([Point]::new(3).X) $place" } } | Invoke-Dag
            $run.Outputs['a']
            """);

        Assert.Equal("b 3 True pipeline.ps1", Session.RunFile(script).Sound().Text);
    }

    [Fact]
    public void A_static_method_of_a_class_that_is_bound_to_its_session_is_warned_of() =>
        Assert.Contains(
            Session.Run(
                "class Tool {\n static [int] Of([int]$n) { return $n }\n}\n$null = New-Dag d { Add-DagNode a { if ($false) { [Tool]::Of(1) "
                + "} } } | Invoke-Dag").Warnings,
            record => record.Message.Contains("[Tool]::Of", StringComparison.Ordinal)
                && record.Message.Contains("NoRunspaceAffinity", StringComparison.Ordinal));

    [Theory]
    [InlineData("[NoRunspaceAffinity()]", "")]
    [InlineData("", "-Inline")]
    public void A_static_method_that_no_worker_waits_for_is_not_warned_of(string attribute, string option) => Assert.Empty(
        Session.Run(
            $"{attribute} class Tool {{\n static [int] Of([int]$n) {{ return $n }}\n}}\n$null = New-Dag d {{ Add-DagNode a {{ "
            + $"[Tool]::Of(1) }} {option} }} | Invoke-Dag").Warnings);

    [Fact]
    public void An_object_with_methods_of_another_session_is_warned_of_once() => Assert.Single(
        Session.Run(
            "class Item {\n [int]$N = 1\n [int] Twice() { return 2 * $this.N }\n}\n"
            +
                "$null = New-Dag d { Add-DagNode a { [Item]::new() }; Add-DagNode b -After a { param($a) $a.N }; "
                + "Add-DagNode c -After b, a { param($a) $a.N } } | Invoke-Dag -NoProvenance").Warnings);

    [Fact]
    public void A_declared_array_stays_an_array() => Gives(
        "Int32[] 1 Int32[] 0",
        "$o = (New-Dag d { Add-DagNode one { 1 } -OutputType ([int[]]); Add-DagNode none { } -OutputType ([int[]]) } | "
        + "Invoke-Dag).Outputs; \"$($o['one'].GetType().Name) $($o['one'].Count) $($o['none'].GetType().Name) $($o['none'].Count)\"");

    [Fact]
    public void Strict_mode_of_a_node_ends_with_it() => Gives(
        "completed",
        "(New-Dag d { Add-DagNode a { Set-StrictMode -Version Latest; 1 }; Add-DagNode b -After a { param($a) $nowhere; "
        + "2 } } | Invoke-Dag -ThrottleLimit 1).Status");

    /// <summary>A half as text, in the culture of the thread.</summary>
    public static string Half() => 1.5.ToString(System.Globalization.CultureInfo.CurrentCulture);

    private void Module(string text) => File.WriteAllText(Session.Folder.File("Greet.psm1"), text);
}
