using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Host;

public sealed class HostTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_module_is_loaded_in_the_script() =>
        Prints("Lythonic.Dag", "(Get-Command New-Dag).ModuleName");

    [Fact]
    public void A_named_argument_reaches_its_parameter() =>
        Prints("x y", "param($First, $Name) $Name", "-Name", "x y");

    [Fact]
    public void An_argument_after_a_colon_reaches_its_parameter() =>
        Prints("7", "param([int]$Count) $Count", "-Count:7");

    [Fact]
    public void A_switch_is_set_by_its_name() =>
        Prints("True", "param([switch]$Deep) [string]$Deep", "-Deep");

    [Fact]
    public void A_switch_can_be_set_to_false() =>
        Prints("False", "param([switch]$Deep) [string]$Deep", "-Deep:$false");

    [Fact]
    public void A_positional_argument_is_a_string_as_it_stands() =>
        Prints("it's $HOME;", "param($Text) $Text", "it's $HOME;");

    [Fact]
    public void A_negative_number_is_a_value_and_no_parameter() =>
        Prints("-5", "param([int]$Number) $Number", "-5");

    [Fact]
    public void The_script_knows_its_folder() =>
        Prints(_folder.Path, "$PSScriptRoot");

    [Fact]
    public void The_script_knows_its_path() =>
        Prints(_folder.File("script.ps1"), "$MyInvocation.MyCommand.Path");

    [Fact]
    public void The_current_folder_is_the_shells() =>
        Prints(_folder.Path, "[Environment]::CurrentDirectory");

    [Fact]
    public void The_exit_code_of_the_script_is_the_hosts() => Assert.Equal(3, Run("exit 3").WaitForExit());

    [Fact]
    public void A_script_that_ends_exits_with_zero() => Assert.Equal(0, Run("1").WaitForExit());

    [Fact]
    public void A_terminating_error_exits_with_one() => Assert.Equal(1, Run("throw 'no'").WaitForExit());

    [Fact]
    public void A_script_that_does_not_parse_exits_with_one() => Assert.Equal(1, Run("if (").WaitForExit());

    [Fact]
    public void A_terminating_error_is_on_stderr() => Assert.Contains("no such luck", Run("throw 'no such luck'").Error, StringComparison.Ordinal);

    [Fact]
    public void A_terminating_error_names_its_line() => Assert.Contains("script.ps1:2", Run("1\nthrow 'no'").Error, StringComparison.Ordinal);

    [Fact]
    public void A_warning_is_on_the_console() =>
        Prints("WARNING: mind", "[CmdletBinding()] param() $PSCmdlet.WriteWarning('mind')");

    [Fact]
    public void Text_written_to_the_host_is_on_the_console() => Prints("line", "$Host.UI.WriteLine('line')");

    [Fact]
    public void Output_that_goes_to_a_pipe_has_no_escape_sequences() =>
        Assert.DoesNotContain('\u001b', Run("[pscustomobject]@{ Name = 'x'; Count = 1 }").Output);

    [Fact]
    public void Progress_leaves_nothing_in_output_that_goes_to_a_pipe() =>
        Prints("done", "[CmdletBinding()] param() $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'a', 'b')); 'done'");

    [Fact]
    public void A_script_that_is_not_there_is_one_line_on_stderr()
    {
        using var host = HostProcess.Run(_folder.Path, "missing.ps1");

        Assert.Equal($"Lythonic.Dag.Host: there is no script '{_folder.File("missing.ps1")}'", host.Error.TrimEnd());
    }

    [Fact]
    public void A_script_that_is_not_there_exits_with_66()
    {
        using var host = HostProcess.Run(_folder.Path, "missing.ps1");

        Assert.Equal(66, host.WaitForExit());
    }

    [Fact]
    public void No_script_exits_with_64()
    {
        using var host = HostProcess.Run(_folder.Path);

        Assert.Equal(64, host.WaitForExit());
    }

    [Fact]
    public void A_native_command_that_fails_is_not_the_exit_code_of_the_script() =>
        Assert.Equal(0, Run("& dotnet no-such-command *>$null; 'went on'").WaitForExit());

    [Fact]
    public void A_run_is_printed_by_its_view() =>
        Assert.Matches(@"(?m)^\S{8,36}\s+sizes\s+completed", Run("New-Dag sizes { Add-DagNode a { 1 } } | Invoke-Dag -NoProvenance").Output);

    [Fact]
    public void A_question_with_no_input_is_an_error() =>
        Assert.Contains("no input", Run("$Host.UI.ReadLine()").Error, StringComparison.Ordinal);

    private void Prints(string expected, string script, params string[] arguments) =>
        Assert.Equal(expected, Run(script, arguments).Output.TrimEnd());

    private HostProcess Run(string script, params string[] arguments) =>
        HostProcess.Run(_folder.Path, [_folder.Write("script.ps1", script), .. arguments]);
}
