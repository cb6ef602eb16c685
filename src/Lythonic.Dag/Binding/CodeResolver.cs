using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Binding;

/// <summary>Turns arguments of cmdlets into the engine's types.</summary>
internal static class CodeResolver
{
    /// <summary>The code of a scriptblock. Its <c>$using:</c> values are read from the caller's session now.</summary>
    public static ScriptBlockCode FromScript(PSCmdlet cmdlet, ScriptBlock script)
    {
        object? Using(string name) => cmdlet.SessionState.PSVariable.Get(name) is { } variable ? variable.Value
            : name.Contains(':', StringComparison.Ordinal) && cmdlet.SessionState.PSVariable.GetValue(name) is { } item ? item
            : throw new DagException(
                DagErrorId.DagInputMissing,
                $"A node uses $using:{name}, but there is no variable '{name}' here.",
                name,
                "Set the variable before the node is added.");
        var body = script.Ast as ScriptBlockAst ?? (script.Ast as FunctionDefinitionAst)?.Body;
        return new(script, Using)
        {
            Functions = LocalFunctions.Capture(cmdlet, script.Ast),
            CallerVariables = body is null ? [] : CallerVariables.Find(cmdlet, body),
        };
    }

    /// <summary>The code of a scriptblock or of a method.</summary>
    public static NodeCode FromAny(PSCmdlet cmdlet, object? value)
    {
        var bare = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        return (bare as ScriptBlock ?? MethodResolver.ScriptOf(bare)) is { } script
            ? FromScript(cmdlet, script)
            : MethodResolver.Read(
                bare ?? throw new DagException(DagErrorId.DagMethodAmbiguous, "$null is neither a scriptblock nor a method."));
    }

    /// <summary>A dictionary with text keys.</summary>
    public static Dictionary<string, object?> WithTextKeys(IDictionary? dictionary)
    {
        var texts = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in dictionary ?? new Hashtable())
            texts[entry.Key.ToString()!] = entry.Value;
        return texts;
    }
}
