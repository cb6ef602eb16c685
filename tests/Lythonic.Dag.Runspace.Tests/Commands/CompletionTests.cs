using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Commands;

public sealed class CompletionTests : ModuleTest
{
    private const string Prepare = """
        function Tab([string]$line) {
            [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches }
        $dag = New-Dag nightly { Add-DagNode fetch { 1 }; Add-DagNode 'two words' { param([int]$inner, $outer) 2 } -After fetch }
        $first = $dag | Invoke-Dag -DatabasePath $Database -Tag daily
        $second = New-Dag 'week''s' { Add-DagNode sum { throw 'no' } } |
            Invoke-Dag -DatabasePath $Database -Tag rare, daily -ErrorAction Ignore
        """;

    public CompletionTests() => Session.Run(Prepare).Sound();

    [Theory]
    [InlineData("Get-DagRun -DatabasePath $Database -RunId ")]
    [InlineData("Get-DagRun -DatabasePath $Database ")]
    [InlineData("Remove-DagRun -DatabasePath $Database -RunId ")]
    public void Run_ids_complete_newest_first_with_dag_status_and_age(string line)
    {
        var ids = Session.Run("$second.RunId, $first.RunId").Sound().Text;

        Gives(ids, $"(Tab '{line}').CompletionText");
        Assert.Matches(@"^week's, failed, \d+ (s|min) ago\nnightly, completed, \d+ (s|min) ago$",
            Session.Run($"(Tab '{line}').ToolTip").Sound().Text);
    }

    [Theory]
    [InlineData("Restart-DagRun", "cancelled,paused,failed")]
    [InlineData("Suspend-DagRun", "running")]
    [InlineData("Invoke-DagReplay", "running,cancelled,completed")]
    [InlineData("Remove-DagRun", "cancelled,paused,failed,completed")]
    [InlineData("Get-DagRun", "running,cancelled,paused,failed,completed")]
    public void The_runs_that_complete_are_those_that_the_cmdlet_takes_newest_first(string cmdlet, string statuses)
    {
        Session.Run("$null = $first | Remove-DagRun; $second | Remove-DagRun");
        foreach (var (name, last) in ((string, string)[])[
            ("completed", "2"), ("failed", "throw 'no'"), ("paused", "$DagContext.Pause()"), ("cancelled", "1"), ("running", "1")])
            Session.Run(
                $"$null = New-Dag {name} {{ {(name is "failed" or "paused" ? "" : "Add-DagNode a { 1 }; ")}Add-DagNode b {{ {last} }} }} | "
                + $"Invoke-Dag -DatabasePath $Database -ErrorAction Ignore");
        // Nobody can tell whether a process of another machine lives: its run counts as live.
        StoreReader.Execute(
            Session.Database, "UPDATE run SET status = path, owner_machine = 'elsewhere' WHERE path IN ('cancelled', 'running')");
        foreach (var line in (string[])[$"{cmdlet} -DatabasePath $Database ", $"{cmdlet} -DatabasePath $Database -RunId "])
            Assert.Equal(statuses, Session.Run($"(Tab '{line}').ToolTip.ForEach({{ $_.Split(',')[0] }}) -join ','").Sound().Text);
    }

    [Fact]
    public void Where_the_cmdlet_takes_none_of_the_runs_none_that_it_refuses_is_offered() => Gives(
        " |no run can go on|week's, failed",
        "$first | Remove-DagRun; $null = $dag | Invoke-Dag -DatabasePath $Database; "
            + "$left = (Tab 'Restart-DagRun -DatabasePath $Database ').ToolTip -replace ', \\d.*'; $second | Remove-DagRun; "
            + "Tab 'Restart-DagRun -DatabasePath $Database ' | ForEach-Object { \"$($_.CompletionText)|$($_.ToolTip)|$left\" }");

    [Theory]
    [InlineData("")]
    [InlineData("$($first.RunId.Substring(0, 12))")]
    public void A_run_that_has_ended_is_not_offered_where_live_runs_alone_are_taken(string word) => Gives(
        "0",
        $"@((Tab \"Suspend-DagRun -DatabasePath `$Database {word}\").CompletionText | "
        + "Where-Object { $_ -in $first.RunId, $second.RunId }).Count");

    [Theory]
    [InlineData("$dag | Invoke-Dag -SourceInput ", "@{ Url = |@{ When = |@{ fetch = ")]
    [InlineData("Invoke-Dag $dag -SourceInput @", "@{ Url = |@{ When = |@{ fetch = ")]
    [InlineData("Invoke-Dag $dag -Override ", "@{ fetch = { |@{ 'two words' = { ")]
    [InlineData("Restart-DagRun -DatabasePath $Database $first -Override ", "@{ fetch = { |@{ 'two words' = { ")]
    [InlineData("Invoke-DagNode $dag fetch -Parameter ", "@{ Url = |@{ When = ")]
    [InlineData("$dag | Invoke-DagNode fetch -Parameter ", "@{ Url = |@{ When = ")]
    public void A_hashtable_begins_with_a_key_that_the_DAG_has(string line, string keys) => Gives(
        keys,
        "$dag = New-Dag nightly { Add-DagNode fetch { param($Url, $When) 1 }; Add-DagNode 'two words' { 2 } -After fetch }; "
        + $"@((Tab '{line}').CompletionText -like '@{{*') -join '|'");

    [Fact]
    public void A_DAG_that_has_no_run_is_offered_for_no_list_of_runs() => Gives(
        "0", "$null = New-Dag unused { 1 }; @((Tab 'Get-DagRun -DatabasePath $Database -DagName ').CompletionText -eq 'unused').Count");

    [Fact]
    public void Where_no_run_is_kept_no_file_is_offered_as_the_name_of_a_DAG() => Gives(
        " |no run is kept",
        "Tab 'Get-DagRun -DatabasePath $Folder/none.db -DagName ' | ForEach-Object { \"$($_.CompletionText)|$($_.ToolTip)\" }");

    [Fact]
    public void The_one_run_that_begins_with_what_was_typed_is_offered_whatever_its_status() => Gives(
        "True", "(Tab \"Restart-DagRun -DatabasePath `$Database $($first.RunId.Substring(0, 12))\").CompletionText -eq $first.RunId");

    [Fact]
    public void A_run_that_is_older_than_those_that_are_listed_completes_from_the_begin_of_its_id()
    {
        Session.Run(
            "$one = New-Dag one { Add-DagNode a { 1 } }; foreach ($i in 1..520) { $null = $one | "
            + "Invoke-Dag -DatabasePath $Database -Inline }");

        Assert.Equal("True", Session.Run(
            "$first.RunId -in (Tab \"Get-DagRun -DatabasePath `$Database $($first.RunId.Substring(0, 12))\").CompletionText").Sound().Text);
    }

    [Theory]
    [InlineData("Get-DagRun -DatabasePath $Database -DagName ", "'week''s',nightly")]
    [InlineData("Get-DagRun -DatabasePath $Database -DagName NIGHT", "nightly")]
    [InlineData("Get-DagRun -DatabasePath $Database -Tag ", "rare,daily")]
    [InlineData("Invoke-Dag -DatabasePath $Database -Tag r", "rare")]
    [InlineData("Get-DagRun -Status ", "cancelled,completed,failed,interrupted,paused,running")]
    [InlineData("Invoke-DagNode $dag -Name ", "fetch,'two words'")]
    [InlineData("Invoke-DagNode $dag two", "'two words'")]
    [InlineData("Invoke-DagNode $dag words", "'two words'")]
    [InlineData("$dag | Invoke-DagNode ", "fetch,'two words'")]
    [InlineData("$dag | Add-DagNode x { 1 } -After f", "fetch")]
    [InlineData("$dag | Add-DagNode x { 1 } -After fetch, t", "'two words'")]
    [InlineData("$dag | Connect-DagNode ", "fetch,'two words'")]
    [InlineData("$dag | Connect-DagNode fetch ", "fetch,'two words'")]
    [InlineData("$dag | Connect-DagNode fetch 'two words' -Parameter ", "inner,outer")]
    [InlineData("Invoke-DagReplay -Dag $dag -Node ", "fetch,'two words'")]
    [InlineData("Invoke-DagReplay $second.RunId -DatabasePath $Database -Node s", "sum")]
    [InlineData("Invoke-DagReplay $second ", "sum")]
    [InlineData("$second | Invoke-DagReplay -Node ", "sum")]
    [InlineData("New-Dag n { Add-DagNode a { 1 }; Add-DagNode -Label b { 2 }; Add-DagNode c { 3 } -After ", "a,b")]
    [InlineData("Add-DagNode a -Method System.IO.Path::GetFileName",
        "'System.IO.Path::GetFileName','System.IO.Path::GetFileNameWithoutExtension'")]
    [InlineData("Add-DagNode a -Method 'IO.Path::GetFileNameW", "'IO.Path::GetFileNameWithoutExtension'")]
    [InlineData("Export-Dag -As H", "Html")]
    public void Tab_gives(string line, string expected)
    {
        Session.Run("$null = New-Dag one { Add-DagNode alone { 1 } }");

        Assert.Equal(expected.Replace(',', '\n'),
            Session.Run($"(Tab '{line.Replace("'", "''", StringComparison.Ordinal)}').CompletionText").Sound().Text);
    }

    [Theory]
    [InlineData("Get-DagRun -DatabasePath /no/such/folder/runs.db -RunId ")]
    [InlineData("Get-DagRun -DatabasePath $notADatabase -RunId ")]
    [InlineData("Get-DagRun -DatabasePath nodrive:/x -RunId ")]
    [InlineData("Invoke-DagReplay nosuchrun -DatabasePath $Database -Node ")]
    [InlineData("Add-DagNode a -Method No.Such.Type::x")]
    [InlineData("Connect-DagNode -From a -To b -Parameter x")]
    public void Where_there_is_nothing_to_complete_there_is_no_error(string line)
    {
        Session.Run(
            $"$notADatabase = '{Session.Folder.File("text.db")}'; [IO.File]::WriteAllText($notADatabase, 'This is no database, "
            + $"and long enough to be read as one. ' * 40)");

        Assert.Equal("0\n0", Session.Run(
            $"$Error.Clear(); @(Tab '{line}' | Where-Object {{ $_.ResultType -eq 'ParameterValue' }}).Count; $Error.Count").Sound().Text);
    }
}
