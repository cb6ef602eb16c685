using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using System.Text.RegularExpressions;

namespace Lythonic.Dag.Scripts;

/// <summary>The first statement of a scriptblock on one line, by which a person knows a run of it again.</summary>
internal static partial class CodeLine
{
    private const int Length = 60;
    private const int LongestNumber = 3;
    private const char LeftOut = '…';

    /// <summary>
    /// The line, in braces; <see langword="null"/> if there is no statement. Of a command it has the name alone, and no text, as arguments
    /// and texts may be secrets and the line is stored.
    /// </summary>
    public static string? Of(ScriptBlock script)
    {
        if (script.Ast is not ScriptBlockAst ast)
            return null;
        NamedBlockAst?[] blocks = [ast.ProcessBlock, ast.EndBlock, ast.BeginBlock];
        if (blocks.FirstOrDefault(block => block?.Statements.Count > 0) is not { } first)
            return null;
        var line = Space().Replace(Without(first.Statements[0]), " ");
        var isWhole = line.Length <= Length;
        var more = !isWhole || (first.Statements.Count > 1 && !line.EndsWith(LeftOut)) ? $" {LeftOut}" : "";
        return $"{{ {(isWhole ? line : line[..Length].TrimEnd())}{more} }}";
    }

    private static string Without(StatementAst statement)
    {
        var (text, start) = (statement.Extent.Text, statement.Extent.StartOffset);
        var line = new StringBuilder();
        var at = 0;
        var hidden = statement.FindAll(_ => true, searchNestedScriptBlocks: true).SelectMany(Hidden);
        // What is around another one comes first.
        foreach (var (from, to) in hidden.OrderBy(place => place.From).ThenByDescending(place => place.To))
        {
            if (from - start < at)
                continue;
            line.Append(text, at, from - start - at).Append(LeftOut);
            at = to - start;
        }

        line.Append(text, at, text.Length - at);
        // All texts are left out: what begins with # is a comment.
        var comment = line.ToString().IndexOf('#', StringComparison.Ordinal);
        return comment < 0 ? line.ToString() : line.ToString(0, comment) + LeftOut;
    }

    private static IEnumerable<(int From, int To)> Hidden(Ast ast) => ast switch
    {
        CommandAst { CommandElements: [_, var argument, ..] elements } =>
            [(argument.Extent.StartOffset, elements[^1].Extent.EndOffset)],
        StringConstantExpressionAst name when IsName(name) => [],
        StringConstantExpressionAst or ExpandableStringExpressionAst => [Place(ast)],
        ConstantExpressionAst number when number.Extent.Text.Length > LongestNumber => [Place(ast)],
        _ => [],
    };

    private static (int From, int To) Place(Ast ast) => (ast.Extent.StartOffset, ast.Extent.EndOffset);

    private static bool IsName(StringConstantExpressionAst text) =>
        text.StringConstantType == StringConstantType.BareWord
        && Name().IsMatch(text.Value)
        && (text.Parent is MemberExpressionAst || (text.Parent is CommandAst command && command.CommandElements[0] == text));

    [GeneratedRegex(@"^\w[\w.-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
