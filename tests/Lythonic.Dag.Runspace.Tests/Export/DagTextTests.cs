using System.Globalization;
using Lythonic.Dag.Export;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Export;

[Collection(OwnEnvironment.Name)]
public sealed class DagTextTests : ModuleTest
{
    [Theory]
    [InlineData("0", "0 s")]
    [InlineData("0.0000123", "12 µs")]
    [InlineData("0.0121", "12 ms")]
    [InlineData("0.9999", "1.0 s")]
    [InlineData("3.42", "3.4 s")]
    [InlineData("59.99", "1 min 0 s")]
    [InlineData("125", "2 min 5 s")]
    [InlineData("7500", "2 h 5 min")]
    [InlineData("180000", "2 d 2 h")]
    public void A_duration_is_written_for_people(string seconds, string expected) =>
        Gives(expected, $"[Lythonic.Dag.Internal.DagText]::Duration([timespan]::FromTicks([long]({seconds} * 10000000)))");

    [Theory]
    [InlineData("nightly", "nightly")]
    [InlineData("nightly-import-of-customers", "nightly-|import-of-|customers")]
    [InlineData("warehouses", "warehouses")]
    [InlineData("warehousekeeping", "warehousek|eeping")]
    [InlineData("each[pear]", "each[pear]")]
    [InlineData("steps[one.json]", "steps[one.|json]")]
    [InlineData("one-name-that-goes-on-for-more-lines", "one-name-|that-…for-|more-lines")]
    [InlineData("夜間バッチ処理", "夜間バッチ|処理")]
    [InlineData("夜間バッチ処理の名前がとても長いので切る", "夜間バッチ|処理…も長|いので切る")]
    [InlineData("🍣🍣🍣🍣🍣🍣", "🍣🍣🍣🍣🍣|🍣")]
    public void A_long_name_has_a_few_lines_in_a_table(string name, string expected) =>
        Gives(expected, $"[Lythonic.Dag.Internal.DagText]::Name('{name}', 10).Replace([char]10, '|')");

    [Fact]
    public void The_name_of_a_sub_run_is_its_path_or_else_its_element_or_else_its_key() => Gives(
        "r[a]|…[north]|…[関一丁目]|rows[1]|…2/3/4.log]",
        """
        $inner = New-Dag inner { Add-DagNode x { , @(1, 2) }; Add-DagNode rows -After x -Map { $_ } }
        $run = New-Dag d {
            Add-DagNode keys { [ordered]@{ a = 1 } }
            Add-DagNode r -After keys -Map { $_ }
            Add-DagNode more { [ordered]@{ north = 1; 関一丁目 = 2; '/1/2/3/4.log' = 3 } }
            Add-DagNode regions -After more -Map $inner
        } | Invoke-Dag
        $names = $run.Nodes['r'].ChildRuns['a'], $run.Nodes['regions'].ChildRuns['north'], $run.Nodes['regions'].ChildRuns['関一丁目'],
            $run.Nodes['regions'].ChildRuns['north'].Nodes['rows'].ChildRuns[1], $run.Nodes['regions'].ChildRuns['/1/2/3/4.log'] |
            ForEach-Object { [Lythonic.Dag.Internal.DagText]::Name($_, 11) }
        $names -join '|'
        """);

    [Fact]
    public void Columns_are_counted_as_the_console_of_PowerShell_counts_them()
    {
        Assert.Equal([3, 6, 2, 0], new[] { "abc", "日本語", "🍣", "" }.Select(text => TextCells.Count(text)));
        Assert.Equal("日", TextCells.Head("日本語", 3));
        Assert.Equal("e\u0301", TextCells.Head("e\u0301tude", 2));
        Assert.Equal("…本語", TextCells.Before("日本語日本語", 5));
        Assert.Equal("日…語", TextCells.Middle("日本日本語", 5));
        Assert.Equal("日本語", TextCells.Middle("日本語", 6));
    }

    [Fact]
    public void Wide_letters_are_broken_where_the_column_ends() => Assert.Equal(
        ["値が正し", "くありま", "せん: 2"], TextFold.AtWords("値が正しくありません: 2", 8));

    [Fact]
    public void A_DAG_is_drawn_for_the_screen() => Assert.All(
        Session.Run("[Lythonic.Dag.Internal.DagText]::Tree((New-Dag d { Add-DagNode 変換する長い長いラベルで六十文字を越えるもの { 1 }; "
            + "Add-DagNode ('label ' * 12) -After 変換する長い長いラベルで六十文字を越えるもの -Map { $_ } }))").Sound().Text.Split('\n'),
        line => Assert.InRange(TextCells.Count(line.TrimEnd('\r')), 0, 79));

    [Theory]
    [InlineData("interrupted", 12, "interrupted/12 errors")]
    [InlineData("cancelled", 12, "cancelled,/12 errors")]
    [InlineData("upstream_failed", 0, "upstream_/failed")]
    [InlineData("interrupted", 0, "interrupted")]
    public void A_status_is_broken_at_words_and_no_line_begins_with_a_comma(string status, int errors, string expected) => Gives(
        expected,
        $"$copy = [pscustomobject]@{{ Status = '{status}'; ErrorCount = {errors} }}; "
            + "[Lythonic.Dag.Internal.DagText]::Status([psobject]$copy, $false, $null, 11) -replace \"`n\", '/'");

    [Fact]
    public void A_dag_shows_itself_as_a_tree() => Assert.Equal(
        """
        d: says what
        ├─ a (scriptblock)
        ├─ m (map) ← a
        │  m
        │  └─ m (scriptblock)
        └─ z (scriptblock) ← a, m
        """,
        Session.Run(
            "[Lythonic.Dag.Internal.DagText]::Tree((New-Dag d -Description 'says what' { Add-DagNode a { 1 }; "
            + "Add-DagNode m -Map { $_ } -After a; "
            + "Add-DagNode z { 1 } -After a, m }))")
            .Sound().Text.ReplaceLineEndings("\n"));

    [Fact]
    public void A_tree_fits_100_columns_and_a_screen_or_two()
    {
        var lines = Session.Run("""
            [Lythonic.Dag.Internal.DagText]::Tree((New-Dag d {
                foreach ($i in 1..200) { Add-DagNode "a-node-with-quite-a-long-label-$i" { 1 } };
                Add-DagNode end { 1 } -After (1..200).ForEach{ "a-node-with-quite-a-long-label-$_" } }))
            """).Sound().Text.Split(Environment.NewLine);

        Assert.All(lines, line => Assert.InRange(line.Length, 1, 100));
        Assert.Equal("… and 142 more lines", lines[^1]);
    }

    [Theory]
    [InlineData("Ansi", true, "", "\e[31mfailed\e[0m")]
    [InlineData("Host", true, "", "\e[31mfailed\e[0m")]
    [InlineData("PlainText", true, "", "failed")]
    [InlineData("Ansi", false, "", "failed")]
    [InlineData("Ansi", true, "1", "failed")]
    public void A_status_is_coloured_where_host_style_and_user_allow(string rendering, bool hasColours, string noColour, string expected) =>
        Assert.Equal(
        expected,
        Session.Run($$"""
            $before = $env:NO_COLOR
            $env:NO_COLOR = '{{noColour}}'
            [Lythonic.Dag.Internal.DagText]::Status('failed', ${{hasColours}}, [pscustomobject]@{ OutputRendering = '{{rendering}}' })
            $env:NO_COLOR = $before
            """).Sound().Text);

    [Fact]
    public void A_long_time_in_which_no_node_ran_is_a_short_gap_of_the_time_line()
    {
        var axis = Session.Run("""
            $start = [DateTimeOffset]::UnixEpoch
            $spans = foreach ($span in (0, 10), (5, 20), (10000, 10020)) {
                [ValueTuple]::Create($start.AddSeconds($span[0]), $start.AddSeconds($span[1])) }
            $type = [Lythonic.Dag.Internal.DagText].Assembly.GetType('Lythonic.Dag.Export.TimeAxis')
            $axis = $type.GetConstructors()[0].Invoke(@([System.ValueTuple[DateTimeOffset, DateTimeOffset][]]$spans, [TimeSpan]::Zero))
            foreach ($second in 0, 20, 10000, 10020) { $type.GetMethod('At').Invoke($axis, @($start.AddSeconds($second))) }
            $type.GetProperty('Gaps').GetValue($axis).Count
            """).Output.Select(place => Convert.ToDouble(place?.BaseObject, CultureInfo.InvariantCulture)).ToList();

        Assert.Equal(0, axis[0]);
        Assert.InRange(axis[1], 45, 50);
        Assert.InRange(axis[2] - axis[1], 1, 6);
        Assert.Equal(100, axis[3], 3);
        Assert.Equal(1, axis[4]);
    }

    [Theory]
    [InlineData("12 min 34 s", "12 min\n34 s")]
    [InlineData("> 12 min 34 s", "> 12 min\n34 s")]
    [InlineData("> 100 ms", "> 100 ms")]
    public void A_duration_is_broken_between_its_numbers(string text, string lines) => Assert.Equal(lines, TextFold.Duration(text, 9));
}
