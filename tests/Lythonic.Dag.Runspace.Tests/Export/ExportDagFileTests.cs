using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Export;

public sealed class ExportDagFileTests : ModuleTest
{
    private const string Dag = "$dag = New-Dag d { Add-DagNode a { 1 } };";

    public ExportDagFileTests() => Session.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($Folder)").Sound();

    [Theory]
    [InlineData("graph.html", "", "<!DOCTYPE html>")]
    [InlineData("graph.HTM", "", "<!DOCTYPE html>")]
    [InlineData("graph.dot", "", "digraph")]
    [InlineData("graph.gv", "", "digraph")]
    [InlineData("graph.mmd", "", "flowchart")]
    [InlineData("graph.txt", "", "flowchart")]
    [InlineData("graph.html", "-As Dot", "digraph")]
    public void A_file_is_written_beside_the_location_in_the_form_that_is_asked_for_or_that_its_ending_means(
        string file, string form, string begin)
    {
        var written = Session.Run($"{Dag} $dag | Export-Dag -Path {file} {form}");

        Assert.Equal(Session.Folder.File(file), Assert.IsType<FileInfo>(Assert.Single(written.Sound().Output)?.BaseObject).FullName);
        Assert.StartsWith(begin, File.ReadAllText(Session.Folder.File(file)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$dag | Export-Dag 'my graph.html'")]
    [InlineData("$dag | Invoke-Dag | Export-Dag 'my graph.html'")]
    [InlineData("$r = $dag | Invoke-Dag; Compare-DagRun $r $r -IncludeEqual | Export-Dag 'my graph.html'")]
    public void A_file_without_Path_is_an_error_that_says_how_to_write_it(string script)
    {
        Assert.EndsWith(
            " | Export-Dag -Path 'my graph.html'",
            FailsWith("DagTypeMismatch", $"{Dag} {script}", "'my graph.html' stands where").ErrorDetails.RecommendedAction,
            StringComparison.Ordinal);
        Assert.False(File.Exists(Session.Folder.File("my graph.html")));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() => Assert.Equal(
        $"The folder {Session.Folder.File("nowhere")} does not exist.",
        Assert.Single(Session.Run($"{Dag} $dag | Export-Dag -Path nowhere/graph.html").Errors).ErrorDetails.Message);

    [Fact]
    public void WhatIf_writes_no_file()
    {
        Assert.Empty(Session.Run($"{Dag} $dag | Export-Dag -Path graph.html -WhatIf").Output);
        Assert.False(File.Exists(Session.Folder.File("graph.html")));
    }

    [Theory]
    [InlineData("$dag | Export-Dag -Path nowhere/graph.html")]
    [InlineData("$dag | Export-Dag -Path .")]
    [InlineData("$dag | Export-Dag -Path Variable:graph")]
    public void A_file_that_cannot_be_written_is_an_error_that_says_what_to_do(string script)
    {
        var said = Session.Run(Dag + script);

        var error = Assert.Single(said.AllErrors);
        Assert.StartsWith("DagFileNotWritten", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("$dag | Export-Dag -Path graph.pdf", "graph.pdf")]
    [InlineData("$dag | Invoke-Dag -NoProvenance | Export-Dag -Path graph.svg", "graph.svg")]
    [InlineData("$run = $dag | Invoke-Dag; Compare-DagRun $run $run | Export-Dag -Path same.docx", "same.docx")]
    public void An_ending_that_means_no_form_is_an_error_that_names_those_that_do(string script, string file)
    {
        var error = Assert.Single(Session.Run(Dag + script).AllErrors);

        Assert.StartsWith("DagFileNotWritten", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(".html and .htm (a page), .dot and .gv", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Session.Folder.File(file)));
        Assert.Empty(Session.Run($"{script} -As Html").AllErrors);
    }

    [Fact]
    public void One_file_is_not_overwritten_by_the_next_input()
    {
        var said = Session.Run("(New-Dag first), (New-Dag second) | Export-Dag -Path graph.dot");

        Assert.StartsWith("DagFileNotWritten", Assert.Single(said.AllErrors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("digraph \"first\"", File.ReadAllText(Session.Folder.File("graph.dot")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "1..3 | ForEach-Object { $dag | Invoke-Dag } | Export-Dag -Path all.mmd", "-Path { \"$($_.RunId).mmd\" }; or write one page")]
    [InlineData("$dag, $dag, $dag | Export-Dag -Path all.dot", "-Path { \"$($_.Name).dot\" }.")]
    [InlineData("$dag, $dag, $dag | Export-Dag -Path all.png", "-As")]
    [InlineData("$dag, $dag, $dag | Export-Dag -Path nowhere/all.dot", "-Path")]
    public void Several_inputs_for_one_file_are_one_error(string script, string action) => Assert.Contains(
        action, Assert.Single(Session.Run($"{Dag} {script}").AllErrors).ErrorDetails.RecommendedAction, StringComparison.Ordinal);

    [Fact]
    public void A_scriptblock_names_a_file_for_each_input() =>
        Gives("first.dot\nsecond.dot", "((New-Dag first), (New-Dag second) | Export-Dag -Path { \"$($_.Name).dot\" }).Name");

    [Fact]
    public void What_is_neither_a_dag_nor_a_run_is_refused() =>
        FailsWith("InputObjectNotBound", "[guid]::Empty | Export-Dag");

    [Theory]
    [InlineData("Export-Dag abc", "DagTypeMismatch")]
    [InlineData("'abc' | Export-Dag", "DagTypeMismatch")]
    [InlineData("Export-Dag -Run abc", "ParameterArgumentTransformationError")]
    public void An_id_in_place_of_a_run_is_an_error_that_says_how_the_run_is_got(string script, string errorId) =>
        FailsWith(errorId, script, "Get-DagRun abc | Export-Dag");

    [Fact]
    public void The_file_is_written_as_a_provider_writes_it() => Gives(
        "FileSystem True False",
            $"{Dag} $f = $dag | Export-Dag -Path 'graph[1].dot'; \"$($f.PSProvider.Name) $($f.PSPath.EndsWith('graph[1].dot')) "
            + $"$($f.PSIsContainer)\"");
}
