using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Remote;

/// <summary>What all calls of a node have in common. It comes with the first of them.</summary>
/// <param name="sent">What was sent.</param>
internal sealed class CallHead(Parcel sent)
{
    private ScriptBlock? _script;

    /// <summary>What runs.</summary>
    public ScriptBlock Script => _script ??= IsPiped ? Filter(Parse(sent)) : Parse(sent);

    /// <summary>Whether the value comes through the pipeline, whole.</summary>
    public bool IsPiped { get; } = sent.Flag("IsPiped");

    /// <summary>Whether it is called as a function without parameters.</summary>
    public bool IsPlain { get; } = sent.Flag("IsPlain");

    /// <summary>The strict mode of the node; <see langword="null"/> for none.</summary>
    public string? StrictMode { get; } = sent.Text("StrictMode");

    /// <summary>Whether it may make or change global variables, functions or aliases.</summary>
    public bool TouchesGlobals { get; } = sent.Flag("TouchesGlobals");

    /// <summary>The names of parameters that take the node's context.</summary>
    public string[] ContextParameters { get; } = sent.Text("ContextParameters")?.Split('\n') ?? [];

    /// <summary>The culture of the code.</summary>
    public CultureInfo Culture { get; } = CultureOf(sent.Text("Culture"));

    /// <summary>The culture of its texts.</summary>
    public CultureInfo UICulture { get; } = CultureOf(sent.Text("UICulture"));

    /// <summary>The name of the DAG.</summary>
    public string DagName { get; } = sent.Text("DagName") ?? "";

    /// <summary>The label of the node.</summary>
    public string NodeLabel { get; } = sent.Text("NodeLabel") ?? "";

    /// <summary>
    /// Makes a scriptblock of what a file has at a place: positions and <c>$PSScriptRoot</c> are then what they are at home.
    /// </summary>
    /// <param name="script">What was sent.</param>
    public static ScriptBlock Parse(Parcel script)
    {
        var (line, column) = (script.Number("Line"), script.Number("Column"));
        var above = script.Text("Usings")?.Replace('\n', ' ') ?? "";
        var padding = line > 1
            ? above + new string('\n', line - 1) + new string(' ', Math.Max(0, column - 1))
            : above.PadRight(Math.Max(0, column - 1));
        var ast = Parser.ParseInput(padding + script.Text("Text"), script.Text("File"), out _, out var problems);
        return problems.Length == 0 ? ast.GetScriptBlock() : throw new ParseException(problems);
    }

    // A script whose value comes through the pipeline is called as a filter, even if it is none.
    private static ScriptBlock Filter(ScriptBlock script) => FilterForm.Of((ScriptBlockAst)script.Ast)?.GetScriptBlock() ?? script;

    // Not every machine knows every culture.
    private static CultureInfo CultureOf(string? name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name ?? "");
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }
}
