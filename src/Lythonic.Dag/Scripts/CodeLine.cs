using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace Lythonic.Dag.Scripts;

/// <summary>The first statement of a scriptblock on one line, by which a person knows a run of it again.</summary>
internal static partial class CodeLine
{
    private const int Length = 60;

    /// <summary>The line, in braces; <see langword="null"/> if there is no statement, or if it may have a secret in it.</summary>
    /// <remarks>What PSReadLine keeps out of its history is not stored here either.</remarks>
    public static string? Of(ScriptBlock script)
    {
        if (script.Ast is not ScriptBlockAst ast)
            return null;
        NamedBlockAst?[] blocks = [ast.ProcessBlock, ast.EndBlock, ast.BeginBlock];
        if (blocks.FirstOrDefault(block => block?.Statements.Count > 0) is not { } first)
            return null;
        var text = first.Statements[0].Extent.Text;
        if (Secret().IsMatch(text))
            return null;
        var line = Space().Replace(text, " ");
        var isWhole = line.Length <= Length;
        var more = !isWhole || first.Statements.Count > 1 ? " …" : "";
        return $"{{ {(isWhole ? line : line[..Length].TrimEnd())}{more} }}";
    }

    [GeneratedRegex("password|asplaintext|token|apikey|secret", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
