using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>Turns the arguments of cmdlets into code and dictionaries for the engine.</summary>
internal static class CodeResolver
{
    /// <summary>Makes node code of a scriptblock. Reads its <c>$using:</c> values from the caller's session now.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagInputMissing"/>: a <c>$using:</c> variable is not set.</exception>
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
            FreeVariables = body is null ? [] : FreeVariables.Find(cmdlet, body),
        };
    }

    /// <summary>Makes node code of a scriptblock or of a method.</summary>
    /// <param name="cmdlet">The cmdlet that runs.</param>
    /// <param name="value">The value.</param>
    /// <param name="of">What was given, for errors, such as <c>-Override of the node 'a'</c>.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagMethodAmbiguous"/>: the value is neither.</exception>
    public static NodeCode FromAny(PSCmdlet cmdlet, object? value, string of)
    {
        var bare = PSWrapper.Unwrap(value);
        return (bare as ScriptBlock ?? MethodResolver.ScriptOf(bare)) is { } script
            ? FromScript(cmdlet, script)
            : MethodResolver.Read(bare ?? throw new DagException(
                DagErrorId.DagMethodAmbiguous,
                $"{of} is $null, which is neither a scriptblock nor a method.",
                null,
                "Give a scriptblock, such as { 1 }, or a method."));
    }

    /// <summary>Copies a dictionary into one whose keys are names, compared without case.</summary>
    /// <param name="dictionary">The dictionary; <see langword="null"/> counts as empty.</param>
    /// <param name="of">What was given, for errors, such as <c>-Variable of the DAG 'etl'</c>.</param>
    /// <param name="duplicate">The id of the error if two keys are the same name.</param>
    /// <exception cref="DagException">
    /// <see cref="DagErrorId.DagNameInvalid"/>: a key is blank; or the id of <paramref name="duplicate"/>.
    /// </exception>
    public static Dictionary<string, object?> WithTextKeys(
        IDictionary? dictionary, string of, DagErrorId duplicate = DagErrorId.DagInputAmbiguous)
    {
        var texts = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var taken = new TakenValues();
        foreach (DictionaryEntry entry in dictionary ?? new Hashtable())
        {
            var key = NameRule.Require(entry.Key.ToString(), $"A key of {of}", "Give each key a name, as in @{ Name = 'value' }.");
            if (!texts.TryAdd(key, taken.Take(entry.Value)))
                throw Duplicate(texts.Keys.First(other => other.Equals(key, StringComparison.OrdinalIgnoreCase)), key, of, duplicate);
        }

        return texts;
    }

    private static DagException Duplicate(string first, string second, string of, DagErrorId id) =>
        new(
            id,
            $"{of} has the keys '{first}' and '{second}', and names compare without case.",
            second,
            "Give one of them, or keys that differ in more than case.");
}
