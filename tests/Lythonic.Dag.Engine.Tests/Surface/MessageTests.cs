using System.Text.RegularExpressions;

namespace Lythonic.Dag.Engine.Tests.Surface;

/// <summary>The engine and the store are used by C# programs too, so no text of theirs says what to write in PowerShell.</summary>
public sealed partial class MessageTests
{
    [Fact]
    public void No_text_of_engine_or_store_names_a_cmdlet_or_a_parameter_of_one()
    {
        SourceLines.None(
            from folder in new[] { "src/Lythonic.Dag.Engine", "src/Lythonic.Dag.Sqlite" }
            from line in SourceLines.Under(folder)
            where !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal)
            from literal in Literal().Matches(line.Text).Select(match => match.Value)
            where PowerShell().IsMatch(literal)
            select $"{line.Place}: {literal}");
    }

    [Fact]
    public void Every_remedy_has_words_for_a_program() => Assert.All(
        Enum.GetValues<DagRemedyKind>(),
        kind => Assert.EndsWith(
            ".", new DagRemedy(kind) { Node = "n", Parameter = "p", RunId = "r" }.ToString(), StringComparison.Ordinal));

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Literal();

    [GeneratedRegex(
        "\\b(?:Add|Connect|Get|Invoke|New|Remove|Restart|Suspend|Test|Watch|Compare|Export)-Dag|"
        + "(?:^.| |\\()-[A-Z][A-Za-z]+|@\\{ |\\[OutputType")]
    private static partial Regex PowerShell();
}
