using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The functions that a node's code calls, as they are when the node is added. A function inside a definition, or inside the function that
/// builds a DAG, is gone when the DAG runs.
/// </summary>
internal static class LocalFunctions
{
    /// <summary>Captures them, and the functions that they call.</summary>
    /// <param name="cmdlet">The cmdlet that adds the node.</param>
    /// <param name="body">The node's code.</param>
    public static IReadOnlyDictionary<string, ScriptBlock> Capture(PSCmdlet cmdlet, Ast body)
    {
        var functions = new Dictionary<string, ScriptBlock>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<Ast>([body]);
        while (open.TryPop(out var ast))
        {
            foreach (var command in ast.FindAll(inner => inner is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
            {
                if (command.GetCommandName() is { Length: > 0 } name && !functions.ContainsKey(name) && Find(cmdlet, name) is { } function)
                {
                    functions.Add(name, function.ScriptBlock);
                    open.Push(function.ScriptBlock.Ast);
                }
            }
        }

        return functions;
    }

    // A function from a module's file comes with the module. We ask the provider, which looks at functions only: Get-Command might load a
    // module.
    private static FunctionInfo? Find(PSCmdlet cmdlet, string name)
    {
        var path = $"function:{WildcardPattern.Escape(name)}";
        if (name.AsSpan().IndexOfAny('\\', '/', ':') >= 0 || !cmdlet.InvokeProvider.Item.Exists(path))
            return null;
        return cmdlet.InvokeProvider.Item.Get(path)
            .Select(item => item.BaseObject)
            .OfType<FunctionInfo>()
            .FirstOrDefault(found => !File.Exists(found.Module?.Path));
    }
}
