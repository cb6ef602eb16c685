using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

public sealed class SourceInputTests : ModuleTest
{
    [Fact]
    public void By_parameter_name_it_goes_to_every_source_that_has_the_parameter() => Outputs(
        "fu gu 1", "Add-DagNode f { param($Url) \"f$Url\" }; Add-DagNode g { param($Url) \"g$Url\" }; Add-DagNode h { 1 }",
            "@{ url = 'u' }");

    [Fact]
    public void By_label_it_wins_over_the_parameter_name() => Outputs(
        "fu gspecial", "Add-DagNode f { param($Url) \"f$Url\" }; Add-DagNode g { param($Url) \"g$Url\" }",
            "@{ url = 'u'; g = @{ Url = 'special' } }");

    [Fact]
    public void A_key_that_is_a_label_and_a_parameter_name_is_the_label_where_its_value_is_a_dictionary() =>
        Outputs("x", "Add-DagNode url { param($url) $url }", "@{ url = @{ url = 'x' } }");

    [Fact]
    public void A_key_that_is_a_label_and_a_parameter_name_is_the_parameter_where_its_value_is_none() =>
        Outputs("x", "Add-DagNode url { param($url) $url }", "@{ url = 'x' }");

    [Fact]
    public void By_label_it_fills_a_parameter_of_a_node_that_has_upstreams_before_types_do() =>
        Outputs("7", "Add-DagNode a { 1 } -OutputType ([int]); Add-DagNode b { param([int]$x) $x } -After a", "@{ b = @{ x = 7 } }");

    [Fact]
    public void By_label_it_leaves_the_other_parameters_to_the_upstreams() =>
        Outputs("1-7", "Add-DagNode a { 1 }; Add-DagNode b { param([int]$x, [int]$y) \"$x-$y\" } -After a", "@{ b = @{ y = 7 } }");

    [Fact]
    public void It_wins_over_constants_of_a_source() =>
        Outputs("2", "Add-DagNode a { param($x) $x } -Parameter @{ x = 1 }", "@{ x = 2 }");

    [Fact]
    public void It_wins_over_constants_of_a_node_that_has_upstreams() =>
        Outputs("2", "Add-DagNode z { 0 }; Add-DagNode a { param($x, $q) $x } -Parameter @{ x = 1 } -After z", "@{ a = @{ x = 2 } }");

    [Fact]
    public void A_dictionary_is_the_value_of_a_source_with_no_param_block() =>
        Outputs("5", "Add-DagNode a { $_.k }", "@{ a = @{ k = 5 } }");

    [Fact]
    public void Keys_compare_without_case() =>
        Outputs("v", "Add-DagNode Fetch { param($Url) $Url }", "@{ FETCH = @{ URL = 'v' } }");

    [Fact]
    public void A_parameter_of_a_method_takes_it() =>
        Outputs("r", "Add-DagNode a -Method ([IO.Path]::GetFileName)", "@{ path = '/q/r' }");

    [Fact]
    public void An_empty_dictionary_leaves_the_defaults() => Outputs("4", "Add-DagNode a { param($n = 4) $n }", "@{}");

    [Fact]
    public void Null_is_a_value() => Outputs("True", "Add-DagNode a { param($n = 4) $null -eq $n }", "@{ n = $null }");

    [Theory]
    [InlineData("[int]", "'0x10'", "16")]
    [InlineData("[int]", "'1e2'", "100")]
    [InlineData("[datetime]", "'2026-01-02'", "01/02/2026 00:00:00")]
    [InlineData("[timespan]", "'1:30'", "01:30:00")]
    [InlineData("[DayOfWeek]", "'mon'", "Monday")]
    [InlineData("[string[]]", "'one'", "one")]
    [InlineData("[string]", "5", "5")]
    [InlineData("[switch]", "$true", "True")]
    [InlineData("[bool]", "1", "True")]
    [InlineData("[version]", "'1.2'", "1.2")]
    [InlineData("[IO.FileInfo]", "'/a/b'", "/a/b")]
    public void Values_convert_as_PowerShell_converts_them(string type, string value, string expected) =>
        Outputs(expected, $"Add-DagNode a {{ param({type}$x) \"$x\" }}", $"@{{ x = {value} }}");

    [Fact]
    public void A_value_that_does_not_convert_is_an_error_before_anything_runs() => FailsWith(
        "DagTypeMismatch", "New-Dag d { Add-DagNode count { param([int]$number) $number } } | Invoke-Dag -SourceInput @{ number = 'many' }",
            "count", "number");

    [Theory]
    [InlineData("@{ zebra = 1 }", "zebra")]
    [InlineData("@{ fetch = @{ zebra = 1 } }", "zebra")]
    [InlineData("@{ fetch = 1 }", "fetch")]
    [InlineData("@{ late = 1 }", "late")]
    public void A_key_that_matches_nothing_is_an_error_that_names_it(string input, string named) => FailsWith(
        "DagSourceInputUnknown",
        $"New-Dag d {{ Add-DagNode fetch {{ param($Url) $Url }}; Add-DagNode end {{ param($late) $late }} -After fetch }} | "
        + $"Invoke-Dag -SourceInput {input}",
        named);

    [Fact]
    public void The_run_keeps_it_as_it_was_given() => Gives(
        "OrderedDictionary 2 3",
        """
        $r = New-Dag d { Add-DagNode a { param($x, $y) $x } } | Invoke-Dag -SourceInput @{ a = @{ x = 2 }; y = 3 }
        $i = (Get-DagRun $r.RunId).SourceInput; "$($i.GetType().Name) $($i['a']['x']) $($i['y'])"
        """);

    private void Outputs(string expected, string nodes, string input) =>
        Gives(expected, $"@((New-Dag d {{ {nodes} }} | Invoke-Dag -SourceInput {input}).Outputs.Values) -join ' '");

    [Theory]
    [InlineData("@{ x = 2 }", "a")]
    [InlineData("@{ a = @{ x = 2 } }", "a")]
    [InlineData("@{ p = 'new' }", "p")]
    [InlineData("@{ b = @{ extra = 1 } }", "")]
    [InlineData("@{ x = 1 }", "")]
    [InlineData("@{ x = 1; p = 'old' }", "")]
    [InlineData("@{ a = @{ x = 1 }; p = 'new' }", "p")]
    public void A_restart_warns_of_input_that_a_completed_node_does_not_see_any_more(string given, string told)
    {
        var warnings = Session.Run(FailedRun + $"$null = Restart-DagRun $r.RunId -Dag $d -SourceInput {given} -ErrorAction Ignore").Sound()
            .Warnings;

        Assert.Equal(told.Length > 0 ? [told] : [], warnings.Select(warning => warning.Message.Split('\'')[1]));
        Assert.All(warnings, warning => Assert.Matches($"Invoke-DagReplay [0-9a-f]{{8}} -Node {told}", warning.Message));
    }

    [Fact]
    public void A_replay_warns_of_input_for_a_node_whose_output_it_takes_over_and_not_for_one_that_it_runs()
    {
        var warnings = Session.Run(FailedRun
            + "$null = Invoke-DagReplay $r.RunId -Dag $d -Node a -SourceInput @{ x = 2; p = 'new' } -ErrorAction Ignore").Sound().Warnings;

        Assert.Contains("'p'", Assert.Single(warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_warns_too() =>
        Assert.Single(Session.Run(FailedRun + "Restart-DagRun $r.RunId -Dag $d -SourceInput @{ x = 2 } -WhatIf").Sound().Warnings);

    private const string FailedRun =
        """
        $d = New-Dag d { Add-DagNode a { param($x) $x }; Add-DagNode p { $_ }; Add-DagNode b { param($a, $extra) throw 'no' } -After a }
        $r = Invoke-Dag $d -SourceInput @{ x = 1; p = 'old' } -ErrorAction Ignore

        """;
}
