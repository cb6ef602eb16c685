using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>What <c>-DatabasePath</c> and <c>$env:LYTHONIC_DAG_DB</c> may name.</summary>
public sealed class DatabasePathTests : ModuleTest
{
    private const string Here = "[Environment]::CurrentDirectory = '/'; $null = $ExecutionContext.SessionState.Path.SetLocation($Folder)\n";
    private const string Run = "$d = New-Dag d { Add-DagNode a { 7 } }\n";

    [Theory]
    [InlineData("Env:/x.db", "Environment")]
    [InlineData("Variable:x.db", "Variable")]
    [InlineData("Nowhere:/x.db", "Nowhere")]
    [InlineData("Nobody::x.db", "Nobody")]
    public void What_is_no_path_of_a_file_is_refused_by_every_cmdlet_and_makes_no_file(string path, string names)
    {
        foreach (var use in (string[])[
            "Invoke-Dag $d", "Get-DagRun", "Remove-DagRun -KeepLast 9", "Suspend-DagRun 1234", "Restart-DagRun 1234"])
            FailsWith("DagDatabaseInvalid", $"{Here}{Run}{use} -DatabasePath '{path}'", names);

        Assert.Empty(Directory.GetFiles(Session.Folder.Path, "x.db*"));
    }

    [Fact]
    public void A_folder_is_no_database_and_the_error_asks_for_a_name_in_it()
    {
        foreach (var use in (string[])["Get-DagRun", "Invoke-Dag $d"])
        {
            var error = FailsWith("DagDatabaseInvalid", $"{Run}{use} -DatabasePath $Folder", "is a folder");
            Assert.Contains("runs.db. -DatabasePath or $env:LYTHONIC_DAG_DB names the file.", error.ErrorDetails.RecommendedAction,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_not_there_holds_no_runs_and_Verbose_says_that_there_is_none()
    {
        var result = Session.Run("Get-DagRun -DatabasePath \"$Folder/none.db\" -Verbose").Sound();

        Assert.Empty(result.Output);
        Assert.EndsWith("none.db: the first run makes it.", Assert.Single(result.Verbose).Message, StringComparison.Ordinal);
        FailsWith("DagRunNotFound", "Get-DagRun 1234 -DatabasePath \"$Folder/none.db\"", "none.db, which does not exist.");
    }

    [Theory]
    [InlineData("[x].db")]
    [InlineData("a*?.db")]
    [InlineData("a b %41#é.db")]
    [InlineData("new/folder/runs.db")]
    [InlineData("./../$([IO.Path]::GetFileName($Folder))/up.db")]
    public void A_path_is_taken_as_it_is_written_and_relative_to_the_location(string path) => Gives(
        "completed 1 True",
        $"{Here}{Run}$r = Invoke-Dag $d -DatabasePath \"{path}\"; \"$($r.Status) $(@(Get-DagRun -DatabasePath \"{path}\").Count) "
        + $"$([IO.File]::Exists(\"$Folder/{path}\"))\"");

    [Fact]
    public void A_tilde_is_the_home_folder() =>
        Assert.StartsWith(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/no-such-file.db", FailsWith(
            "DagRunNotFound", "Get-DagRun 1234 -DatabasePath ~/no-such-file.db").ToString().Split(" in ")[1], StringComparison.Ordinal);

    [Fact]
    public void A_drive_of_the_file_system_is_followed() => Gives(
        "True",
        $"$p = $ExecutionContext.SessionState.Provider.GetOne('FileSystem'); $null = "
        + $"$ExecutionContext.SessionState.Drive.New([Management.Automation.PSDriveInfo]::new('Runs', $p, $Folder, '', $null), 'global'); "
        + $"{Run}$null = Invoke-Dag $d -DatabasePath Runs:/in.db; [IO.File]::Exists(\"$Folder/in.db\")");
}
