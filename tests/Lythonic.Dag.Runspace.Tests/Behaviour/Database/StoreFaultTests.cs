using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>A fault of the database in the middle of a run: its error names the run, and how that goes on.</summary>
public sealed class StoreFaultTests : ModuleTest
{
    private const string Dag = "$d = New-Dag d { Add-DagNode a { 7 }; Add-DagNode b { if ($using:Bad) { throw 'no' }; 1 } -After a }";
    private const string Failed = $"$Bad = $true\n{Dag}\n$before = Invoke-Dag $d -ErrorAction SilentlyContinue; $Bad = $false\n{Dag}\n";
    private const string Show = "\"$($e.FullyQualifiedErrorId.Split(',')[0]) $($e.ErrorDetails.RecommendedAction)\"; \"$e\"";

    // The end of a run cannot be written.
    private const string Break = """
        CREATE TRIGGER broken BEFORE UPDATE ON run WHEN new.finished_at IS NOT NULL AND new.parent IS NULL
        BEGIN SELECT RAISE(ABORT, 'broken'); END
        """;

    [Theory]
    [InlineData("Invoke-Dag $d", true)]
    [InlineData("Restart-DagRun $before.RunId", false)]
    [InlineData("Invoke-DagReplay $before.RunId -Node a -IncludeDownstream", true)]
    [InlineData("$j = Invoke-Dag $d -AsJob; $null = $j | Wait-Job; throw $j.Error[0]", true)]
    public void It_names_the_run_that_Restart_DagRun_goes_on_with(string line, bool isNew)
    {
        Session.Run(Failed).Sound();
        StoreReader.Execute(Session.Database, Break);

        var said = Session.Run($"try {{ $null = & {{ {line} }} }} catch {{ $e = $_; {Show} }}").Sound().Text;

        var id = StoreReader.Query(Session.Database, $"SELECT run_id FROM dag_runs ORDER BY started_at {(isNew ? "DESC" : "")} LIMIT 1");
        Assert.StartsWith(
            $"DagDatabaseInvalid Mend the cause, then go on with: Restart-DagRun {id[..8]} -DatabasePath '{Session.Database}'. "
            + "What had not completed runs again.\n",
            said, StringComparison.Ordinal);
        Assert.Contains($"That ended the run {id} of 'd'.", said, StringComparison.Ordinal);
        StoreReader.Execute(Session.Database, "DROP TRIGGER broken");
        Gives("completed", $"(Restart-DagRun {id}).Status");
    }

    [Theory]
    [InlineData("", "it had no -Reuse, so all elements run again.")]
    [InlineData(" -Reuse", "what has completed is not run again.")]
    public void It_says_of_a_map_what_runs_again(string reuse, string says)
    {
        var line = $"1, 2 | Invoke-DagMap {{ $_ }} -Name m{reuse}";
        Session.Run(line).Sound();
        StoreReader.Execute(Session.Database, Break);

        var said = Session.Run($"try {{ $null = {line} }} catch {{ $e = $_; {Show} }}").Sound().Text;

        Assert.StartsWith($"DagDatabaseInvalid Mend the cause, then run the same line again: {says}\n", said, StringComparison.Ordinal);
        Assert.Contains(" of 'm'.", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_from_before_the_run_is_kept_asks_to_try_again()
    {
        Session.Run(Failed).Sound();
        StoreReader.Execute(
            Session.Database, "CREATE TRIGGER broken BEFORE INSERT ON run BEGIN SELECT RAISE(ABORT, 'broken'); END");

        var said = Session.Run($"try {{ $null = Invoke-Dag $d }} catch {{ $e = $_; {Show} }}").Sound().Text;

        Assert.StartsWith("DagDatabaseInvalid Mend the cause, then try again, or name another file", said, StringComparison.Ordinal);
        Assert.DoesNotContain("ended the run", said, StringComparison.Ordinal);
    }
}
