using System.Diagnostics;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Host;

public sealed class HostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lythonic-dag-host-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Arguments_and_PSScriptRoot_reach_the_script_and_its_exit_code_the_shell()
    {
        var (code, output, _) = Run(Script("param([string]$Name, [switch]$Loud, [Parameter(ValueFromRemainingArguments)]$Rest) \"$Name $Loud $Rest\"; $PSScriptRoot; exit 3"), "-Name", "x y", "-Loud", "a", "b");

        Assert.Equal(3, code);
        Assert.Equal($"x y True a b{Environment.NewLine}{_folder}{Environment.NewLine}", output);
    }

    [Fact]
    public void A_terminating_error_goes_to_stderr_and_the_exit_code_is_one()
    {
        var (code, _, error) = Run(Script("throw 'broken'"));

        Assert.Equal(1, code);
        Assert.Contains("broken", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_that_does_not_parse_is_an_error_with_its_line()
    {
        var (code, output, error) = Run(Script("1\n'open"));

        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Contains("script.ps1:2", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_switch_and_a_value_may_follow_a_colon()
    {
        var (code, output, _) = Run(Script("param([switch]$Loud, [string]$Name) \"$Loud $Name\""), "-Loud:$false", "-Name:a:b");

        Assert.Equal(0, code);
        Assert.Equal("False a:b", output.Trim());
    }

    [Fact]
    public void A_missing_script_is_one_clear_line()
    {
        var (code, output, error) = Run("nowhere.ps1");

        Assert.Equal(66, code);
        Assert.Equal("", output);
        Assert.Equal($"The script 'nowhere.ps1' does not exist.{Environment.NewLine}", error);
    }

    [Fact]
    public void The_word_count_example_counts()
    {
        File.WriteAllText(Path.Combine(_folder, "a.md"), "one two two");
        File.WriteAllText(Path.Combine(_folder, "b.md"), "two three");

        var (code, output, _) = Run(Example("word-count.ps1"), _folder, "-Top", "1", "-DatabasePath", Path.Combine(_folder, "runs.db"));

        Assert.Equal(0, code);
        Assert.Contains("3  two", output, StringComparison.Ordinal);
        Assert.Contains("2 files, run", output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_relative_link_of_this_repository_leads_nowhere()
    {
        var (code, output, _) = Run(Example("check-links.ps1"));

        Assert.Equal("0 broken links", output.Trim());
        Assert.Equal(0, code);
    }

    [Fact]
    public void A_run_whose_process_was_killed_is_interrupted_and_a_new_process_goes_on_with_it()
    {
        var database = Path.Combine(_folder, "runs.db");
        var script = Script("""
            param([string]$Database, [string]$Log)
            $dag = New-Dag crash {
                Add-DagNode first -Parameter @{ Log = $Log } { param($Log) [IO.File]::AppendAllText($Log, 'first;'); 1 }
                Add-DagNode second -After first -Parameter @{ Log = $Log } { param($Log, $first) [IO.File]::AppendAllText($Log, "second$($DagContext.Attempt);"); if ($DagContext.Attempt -eq 1) { [Environment]::FailFast('killed') }; 2 }
            }
            $run = Get-DagRun -DatabasePath $Database
            if ($run) { $run.Status; ($run | Restart-DagRun -Dag $dag).Status } else { $dag | Invoke-Dag -DatabasePath $Database }
            """);
        var log = Path.Combine(_folder, "log");

        var (crashed, _, _) = Run(script, database, log);
        var (code, output, _) = Run(script, database, log);

        Assert.NotEqual(0, crashed);
        Assert.Equal(0, code);
        Assert.Equal(["interrupted", "completed"], output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("first;second1;second", File.ReadAllText(log), StringComparison.Ordinal);
        Assert.DoesNotContain("first;second1;first", File.ReadAllText(log), StringComparison.Ordinal);
    }

    private string Script(string text)
    {
        var path = Path.Combine(_folder, "script.ps1");
        File.WriteAllText(path, text);
        return path;
    }

    private static string Example(string name) => Path.Combine(Repository.Root, "docs", "examples", name);

    private static (int Code, string Output, string Error) Run(string script, params string[] args)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var host = Path.Combine(Repository.Root, "src", "Lythonic.Dag.Host", "bin", configuration, "net10.0", "Lythonic.Dag.Host.dll");
        var start = new ProcessStartInfo("dotnet", [host, script, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
