namespace Lythonic.Dag.Runspace.Tests.Export;

public sealed class ExportDagFileTests : IDisposable
{
    private const string Dag = "$dag = New-Dag d { Add-DagNode a { 1 } };";

    private readonly ModuleSession _session = new();

    public ExportDagFileTests() => _session.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_session.Folder}')");

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("graph.html", "", "<!DOCTYPE html>")]
    [InlineData("graph.HTM", "", "<!DOCTYPE html>")]
    [InlineData("graph.dot", "", "digraph")]
    [InlineData("graph.gv", "", "digraph")]
    [InlineData("graph.mmd", "", "flowchart")]
    [InlineData("graph.txt", "", "flowchart")]
    [InlineData("graph.html", "-As Dot", "digraph")]
    public void A_file_is_written_beside_the_location_in_the_form_that_is_asked_for_or_that_its_ending_means(string file, string form, string begin)
    {
        var written = _session.Run($"{Dag} $dag | Export-Dag -Path {file} {form}");

        Assert.Equal(Path.Combine(_session.Folder, file), Assert.IsType<FileInfo>(Assert.Single(written.Output).BaseObject).FullName);
        Assert.StartsWith(begin, File.ReadAllText(Path.Combine(_session.Folder, file)), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_writes_no_file()
    {
        Assert.Empty(_session.Run($"{Dag} $dag | Export-Dag -Path graph.html -WhatIf").Output);
        Assert.False(File.Exists(Path.Combine(_session.Folder, "graph.html")));
    }

    [Theory]
    [InlineData("$dag | Export-Dag -Path nowhere/graph.html")]
    [InlineData("$dag | Export-Dag -Path .")]
    [InlineData("$dag | Export-Dag -Path Variable:graph")]
    public void A_file_that_cannot_be_written_is_an_error_that_says_what_to_do(string script)
    {
        var said = _session.Run(Dag + script);

        Assert.Equal("DagFileNotWritten", said.ErrorId);
        Assert.NotEmpty(said.Errors[0].ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void One_file_is_not_overwritten_by_the_next_input()
    {
        var said = _session.Run("(New-Dag first), (New-Dag second) | Export-Dag -Path graph.dot");

        Assert.Equal("DagFileNotWritten", said.ErrorId);
        Assert.StartsWith("digraph \"first\"", File.ReadAllText(Path.Combine(_session.Folder, "graph.dot")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_scriptblock_names_a_file_for_each_input()
    {
        Assert.Equal("first.dot,second.dot", _session.Run("((New-Dag first), (New-Dag second) | Export-Dag -Path { \"$($_.Name).dot\" }).Name -join ','").Text);
    }

    [Fact]
    public void What_is_neither_a_dag_nor_a_run_is_refused() =>
        Assert.StartsWith("InputObjectNotBound", _session.Run("[guid]::Empty | Export-Dag").ErrorId, StringComparison.Ordinal);
}
